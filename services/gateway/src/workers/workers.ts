import { Injectable, Logger } from '@nestjs/common';
import type { WorkerId } from '@lockstep/kernel';
import { CrewReader, type CrewMember, type DrainOrder, Store } from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { UnknownWorker } from '../problems/errors.js';

/** One process of a role that is alive. */
export interface WorkerEntry {
  readonly id: WorkerId;
  readonly role: string;
  readonly major: number;
  readonly sinceMs: number;
  readonly partitions: number;
  readonly tasks: number;
  readonly drain: DrainOrder | null;
}

@Injectable()
export class Workers {
  private readonly logger = new Logger(Workers.name);

  constructor(
    private readonly crew: CrewReader,
    private readonly store: Store,
  ) {}

  async list(): Promise<readonly WorkerEntry[]> {
    return (await this.crew.list()).map(entryOf);
  }

  /**
   * Tells a worker to hand back what it holds and to take no more until its process ends. The first order stands.
   *
   * @throws UnknownWorker when it is not alive
   */
  async drain({ by }: Caller, id: string, reason: string): Promise<WorkerEntry> {
    const worker = id as WorkerId;
    const order = { by, reason, atMs: Date.now() };
    const partitions = this.store.partitions.tags.map((_, partition) => partition);
    const replies = await Promise.all(
      partitions.map((partition) => this.store.drain(partition, worker, order)),
    );
    if (replies.some(({ reply }) => reply === 'ok')) {
      this.logger.warn({ worker, by, reason }, 'a worker is told to drain');
    }
    const told = (await this.crew.list()).find((each) => each.id === worker);
    if (!told?.order) throw new UnknownWorker(id);
    return entryOf(told);
  }
}

function entryOf({ id, inbox, sinceMs, leases, held, order }: CrewMember): WorkerEntry {
  const [role = '', major] = inbox.split('@');
  return { id, role, major: Number(major), sinceMs, partitions: leases, tasks: held, drain: order };
}
