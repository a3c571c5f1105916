// Messages that nobody could read: buried, and nobody's but the operator's.
//
//   Who discards one, and why, is recorded before it goes: a repeat finds the record, and finishes what a crash left.

import type { Redis } from 'ioredis';
import { discardedKey, type Partitions } from '../keys.js';
import { parseUnreadable, type UnreadableMessage } from './letter.js';
import { parsePlace, type Place, placeText } from './place.js';
import { DeadLetterReader, type PageQuery } from './reader.js';

export interface UnreadablePage {
  /** The newest first. */
  readonly messages: readonly UnreadableMessage[];
  /** Null when this was the last page. A page may be short, and even empty, and yet have a next one. */
  readonly next: string | null;
}

/** Who discarded a message, and why. */
export interface Discard {
  readonly by: string;
  readonly reason: string;
  readonly atMs: number;
}

/** How long it is known who discarded a message. */
const KNOWN_MS = 30 * 86_400_000;

export class UnreadableMessages {
  private readonly reader: DeadLetterReader;

  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {
    this.reader = new DeadLetterReader(redis, partitions);
  }

  /** @param role - whose inbox they came by; default: any */
  async list(role: string | undefined, page: PageQuery): Promise<UnreadablePage> {
    const query = role === undefined ? {} : { role };
    const { found, next } = await this.reader.collect(query, page, parseUnreadable);
    return { messages: found, next };
  }

  /** The message of this id; null when it has gone, or there never was one. */
  async get(id: string): Promise<UnreadableMessage | null> {
    const place = this.placeOf(id);
    if (!place) return null;
    const [found] = await this.redis.xrange(this.streamOf(place), place.entry, place.entry);
    return found ? parseUnreadable(place, found[1]) : null;
  }

  /**
   * Removes a message. The first who does counts.
   *
   * @returns who did it; null when there never was such a message, or it is long gone
   */
  async discard(id: string, asked: Discard): Promise<Discard | null> {
    const place = this.placeOf(id);
    if (!place) return null;
    const key = discardedKey(placeText(place));
    if (await this.get(id)) await this.redis.set(key, JSON.stringify(asked), 'PX', KNOWN_MS, 'NX');
    const known = await this.redis.get(key);
    if (known === null) return null;
    await this.redis.xdel(this.streamOf(place), place.entry);
    return JSON.parse(known) as Discard;
  }

  private placeOf(id: string): Place | null {
    const place = parsePlace(id);
    return place && place.partition < this.partitions.count ? place : null;
  }

  private streamOf({ partition, role }: Place): string {
    return this.partitions.dead(partition, role);
  }
}
