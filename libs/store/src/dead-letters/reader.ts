// Reading dead letters: what waits for a person.
//
//   Letters of all tenants lie together, so that a role has few streams; whoever reads skips those of others. One call
//   looks at a bounded number of them, and says where it stopped.

import type { Redis } from 'ioredis';
import { inOneGo } from '../in-one-go.js';
import type { Partitions } from '../keys.js';
import { type DeadLetter, parseLetter, type StreamEntry } from './letter.js';
import {
  boundBehind,
  byAge,
  type DeadStream,
  parseLetterId,
  parsePlace,
  type Place,
  placeText,
} from './place.js';

export interface DeadLetterQuery {
  readonly tenant: string;
  /** Default: all roles that ever had one. */
  readonly role?: string;
  /** Only those of one cause. */
  readonly group?: string;
  /** Only of workflows of this type. */
  readonly type?: string;
  /** Written at this time or later, unit ms. */
  readonly sinceMs?: number;
  /** Written at this time or earlier, unit ms. */
  readonly untilMs?: number;
}

export interface PageQuery {
  readonly limit: number;
  /** `next` of the page before; default: from the newest. */
  readonly before?: string;
}

export interface DeadLetterPage {
  /** The newest first. */
  readonly letters: readonly DeadLetter[];
  /** Null when this was the last page. A page may be short, and even empty, and yet have a next one. */
  readonly next: string | null;
}

/** Letters that one call looks at, those of other tenants included. */
const MOST_SEEN = 5000;
const CHUNK = 200;

export class DeadLetterReader {
  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {}

  /** A page of a tenant's dead letters. */
  async list(query: DeadLetterQuery, page: PageQuery): Promise<DeadLetterPage> {
    const { found, next } = await this.collect(query, page, (place, fields) => {
      const letter = parseLetter(place, fields);
      return letter && fits(letter, query) ? letter : null;
    });
    return { letters: found, next };
  }

  /** The letter of this id; null when it has gone, or there never was one. */
  async get(id: string): Promise<DeadLetter | null> {
    const named = parseLetterId(id);
    if (!named || named.partition >= this.partitions.count) return null;
    const stream = this.partitions.dead(named.partition, named.role);
    const [found] = await this.redis.xrange(stream, named.entry, named.entry);
    const letter = found && parseLetter(named, found[1]);
    return letter?.wf === named.wf && letter.task === named.task ? letter : null;
  }

  /** How many dead letters a role has. */
  async count(role: string): Promise<number> {
    const lengths = this.partitions.tags.map((_, partition) =>
      this.redis.xlen(this.partitions.dead(partition, role)),
    );
    return (await Promise.all(lengths)).reduce((sum, length) => sum + length, 0);
  }

  /**
   * What `pick` makes of the entries, until there are enough.
   *
   * @returns the newest first; `next` as of a page
   */
  async collect<T extends Place>(
    { role, sinceMs, untilMs }: Pick<DeadLetterQuery, 'role' | 'sinceMs' | 'untilMs'>,
    { limit, before }: PageQuery,
    pick: (place: Place, fields: readonly string[]) => T | null,
  ): Promise<{ readonly found: readonly T[]; readonly next: string | null }> {
    const streams = await this.streamsOf(role);
    const found: T[] = [];
    let last = before === undefined ? null : parsePlace(before);
    for (let seen = 0; seen < MOST_SEEN; seen += CHUNK) {
      const chunk = await this.chunk(streams, last, [untilMs ?? '+', sinceMs ?? '-']);
      for (const [place, fields] of chunk) {
        if (found.length === limit) return { found, next: last && placeText(last) };
        const picked = pick(place, fields);
        if (picked) found.push(picked);
        last = place;
      }
      if (chunk.length < CHUNK) return { found, next: null };
    }
    return { found, next: last && placeText(last) };
  }

  private async streamsOf(role: string | undefined): Promise<readonly DeadStream[]> {
    const partitions = this.partitions.tags.map((_, partition) => partition);
    if (role !== undefined) return partitions.map((partition) => ({ role, partition }));
    const roles = await inOneGo(this.redis, partitions, (pipeline, partition) =>
      pipeline.smembers(this.partitions.deadRoles(partition)),
    );
    return partitions.flatMap((partition) =>
      (roles[partition] as string[]).map((name) => ({ role: name, partition })),
    );
  }

  /** The newest of all streams behind a place, at most {@link CHUNK}. */
  private async chunk(
    streams: readonly DeadStream[],
    last: Place | null,
    [newest, oldest]: readonly [number | '+', number | '-'],
  ): Promise<readonly (readonly [Place, readonly string[]])[]> {
    const replies = await inOneGo(this.redis, streams, (pipeline, stream) => {
      const from = last ? boundBehind(last, stream) : newest;
      const key = this.partitions.dead(stream.partition, stream.role);
      return pipeline.xrevrange(key, from, oldest, 'COUNT', CHUNK);
    });
    return streams
      .flatMap((stream, at) =>
        (replies[at] as StreamEntry[]).map(
          ([entry, fields]) => [{ ...stream, entry }, fields] as const,
        ),
      )
      .sort(([a], [b]) => byAge(a, b))
      .slice(0, CHUNK);
  }
}

const fits = (letter: DeadLetter, { tenant, group, type }: DeadLetterQuery): boolean =>
  letter.tenant === tenant &&
  (group === undefined || letter.group === group) &&
  (type === undefined || letter.type === type);
