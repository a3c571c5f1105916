// Reading who works: the processes that are alive, of all roles.

import type { WorkerId } from '@lockstep/kernel';
import type { Redis } from 'ioredis';
import { inOneGo } from './in-one-go.js';
import type { Partitions } from './keys.js';
import type { DrainOrder } from './operations.js';

export interface CrewMember {
  readonly id: WorkerId;
  /** `<role>@<major>` */
  readonly inbox: string;
  /** When it was first heard of, on the store's clock. */
  readonly sinceMs: number;
  /** Partitions in which it has a lease. */
  readonly leases: number;
  /** Tasks that it holds. */
  readonly held: number;
  /** Null unless a person told it to drain. */
  readonly order: DrainOrder | null;
}

export class CrewReader {
  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {}

  /** Every worker that is alive, or whose death nobody has noticed yet; by inbox and start. */
  async list(): Promise<CrewMember[]> {
    const partitions = this.partitions.tags.map((_, partition) => partition);
    const crews = await inOneGo(this.redis, partitions, (pipeline, partition) =>
      pipeline.hgetall(this.partitions.crew(partition)),
    );
    const entries = partitions.flatMap((at) => entriesOf(at, crews[at] as Record<string, string>));
    const held = await inOneGo(this.redis, entries, (pipeline, { partition, id }) =>
      pipeline.scard(this.partitions.held(partition, id)),
    );
    const members = new Map<WorkerId, CrewMember>();
    entries.forEach((entry, at) => {
      members.set(entry.id, joined(members.get(entry.id), entry, Number(held[at])));
    });
    return [...members.values()].sort(byInbox);
  }
}

/** What one partition knows of a worker. */
interface Entry extends Pick<CrewMember, 'id' | 'inbox' | 'sinceMs' | 'order'> {
  readonly partition: number;
}

const entriesOf = (partition: number, crew: Record<string, string>): Entry[] =>
  Object.entries(crew).flatMap(([id, about]) => {
    if (id.startsWith('!')) return [];
    const [inbox = '', since] = about.split(' ');
    const told = crew[`!${id}`];
    const order = told === undefined ? null : (JSON.parse(told) as DrainOrder);
    return [{ partition, id: id as WorkerId, inbox, sinceMs: Number(since), order }];
  });

function joined(
  before: CrewMember | undefined,
  { id, inbox, sinceMs, order }: Entry,
  held: number,
): CrewMember {
  if (!before) return { id, inbox, sinceMs, leases: 1, held, order };
  return {
    ...before,
    sinceMs: Math.min(before.sinceMs, sinceMs),
    leases: before.leases + 1,
    held: before.held + held,
    order: before.order ?? order,
  };
}

const byInbox = (a: CrewMember, b: CrewMember): number => {
  if (a.inbox !== b.inbox) return a.inbox < b.inbox ? -1 : 1;
  return a.sinceMs - b.sinceMs;
};
