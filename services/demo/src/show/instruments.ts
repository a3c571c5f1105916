import { Redis } from 'ioredis';
import { LogReader, Partitions } from '@lockstep/store';
import type { Diary } from '@lockstep/testing';
import { HeldWork } from '../chaos/held-work.js';
import { Recoveries } from '../chaos/recoveries.js';
import { PARTITIONS } from '../processes/system.js';
import { EventCount } from '../report/event-count.js';

/** A gateway without API keys takes whoever reaches it for this tenant. */
const TENANT = 'default';

/** What looks into the store while a run goes on; nothing here writes. */
export class Instruments {
  readonly work: HeldWork;
  readonly recoveries: Recoveries;
  readonly events: EventCount;
  readonly #connections: readonly Redis[];

  constructor(
    redisUrl: string,
    readonly diary: Diary,
  ) {
    const partitions = new Partitions(PARTITIONS);
    const redis = new Redis(redisUrl);
    const blocking = redis.duplicate();
    this.#connections = [redis, blocking];
    this.work = new HeldWork(redis, partitions, TENANT);
    this.recoveries = new Recoveries(new LogReader(redis, partitions), diary);
    this.events = new EventCount(blocking, partitions);
  }

  async close(): Promise<void> {
    await this.diary.close();
    for (const connection of this.#connections) connection.disconnect();
  }
}
