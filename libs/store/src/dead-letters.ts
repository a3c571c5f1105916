// Reading a role's dead letters: what waits for a person.

import type { Redis } from 'ioredis';
import type { TaskId, Version, WorkflowId } from '@lockstep/kernel';
import type { Partitions } from './keys.js';

export interface DeadLetter {
  readonly role: string;
  readonly partition: number;
  /** Id of its entry. */
  readonly id: string;
  /** Empty when it is a message that nobody could read. */
  readonly wf: WorkflowId | '';
  readonly task: TaskId | '';
  readonly tenant: string;
  /** Version of the workflow when it was written. */
  readonly version: Version;
  readonly atMs: number;
  /** What a person needs to judge it: reason, error chain, attempts, input; JSON text. */
  readonly meta: string;
}

export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  /** Null when this was the last page. */
  readonly next: string | null;
}

export class DeadLetterReader {
  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {}

  /**
   * A page of a role's dead letters, the newest first.
   *
   * @param tenant - whose; unreadable messages belong to none
   * @param before - `next` of the page before; default: from the newest
   */
  async list({ role, tenant, limit, before }: DeadLetterQuery): Promise<DeadLetterPage> {
    const letters: DeadLetter[] = [];
    let last = parsePlace(before);
    for (;;) {
      const page = await this.newest(role, last, limit);
      for (const letter of page) {
        if (letters.length === limit) return { letters, next: formatPlace(last) };
        last = letter;
        if (letter.tenant === tenant) letters.push(letter);
      }
      if (page.length < limit) return { letters, next: null };
    }
  }

  /** How many dead letters a role has. */
  async count(role: string): Promise<number> {
    const lengths = this.partitions.tags.map((_, partition) =>
      this.redis.xlen(this.partitions.dead(partition, role)),
    );
    return (await Promise.all(lengths)).reduce((sum, length) => sum + length, 0);
  }

  /** Letters of all tenants behind a place, at most `limit`. */
  private async newest(role: string, last: Place, limit: number): Promise<DeadLetter[]> {
    const pages = this.partitions.tags.map(async (_, partition) => {
      // Of letters with one id, the one in the higher partition comes first.
      const from = last.id === '+' || partition < last.partition ? last.id : `(${last.id}`;
      const stream = this.partitions.dead(partition, role);
      const entries = await this.redis.xrevrange(stream, from, '-', 'COUNT', limit);
      return entries.map((entry) => parseLetter(role, partition, entry));
    });
    const letters = (await Promise.all(pages)).flat();
    return letters.sort(byAge).slice(0, limit);
  }
}

export interface DeadLetterQuery {
  readonly role: string;
  readonly tenant: string;
  readonly limit: number;
  readonly before?: string;
}

type Place = Pick<DeadLetter, 'id' | 'partition'>;

const NEWEST: Place = { id: '+', partition: 0 };

const formatPlace = ({ id, partition }: Place): string => `${id}_${partition}`;

function parsePlace(text: string | undefined): Place {
  const [, id, partition] = /^(\d+-\d+)_(\d+)$/.exec(text ?? '') ?? [];
  return id === undefined ? NEWEST : { id, partition: Number(partition) };
}

/** Newest first. */
function byAge(a: Place, b: Place): number {
  const [aMs = 0, aSequence = 0] = a.id.split('-').map(Number);
  const [bMs = 0, bSequence = 0] = b.id.split('-').map(Number);
  return bMs - aMs || bSequence - aSequence || b.partition - a.partition;
}

type StreamEntry = readonly [id: string, fields: readonly string[]];

function parseLetter(role: string, partition: number, [id, fields]: StreamEntry): DeadLetter {
  const [, wf, , task, , tenant, , version, , at, , meta] = fields;
  return {
    role,
    partition,
    id,
    wf: wf as WorkflowId,
    task: task as TaskId,
    tenant: tenant ?? '',
    version: Number(version),
    atMs: Number(at),
    meta: meta ?? '{}',
  };
}
