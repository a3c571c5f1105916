import { duplicateForLoop, parseEntry, type Partitions } from '@lockstep/store';
import type { Version, WorkflowId } from '@lockstep/kernel';
import type { Redis } from 'ioredis';

const BLOCK_MS = 1000;

/** Waits at a log until its workflow has ended: nothing else that is written wakes it. */
export class LogEnd {
  private readonly connection: Redis;

  constructor(
    redis: Redis,
    private readonly partitions: Partitions,
  ) {
    this.connection = duplicateForLoop(redis);
  }

  /**
   * @param from - its log is no shorter at its end
   * @returns when it was told of the end, by `performance.now()`
   * @throws Error when it waits for a person
   */
  async of(wf: WorkflowId, from: Version): Promise<number> {
    for (let seen = `${from - 1}-0`; ;) {
      const reply = await this.connection.xread(
        ...(['BLOCK', BLOCK_MS, 'STREAMS', this.partitions.log(wf), seen] as const),
      );
      const atMs = performance.now();
      for (const entry of reply?.[0]?.[1] ?? []) {
        const { type } = parseEntry(entry);
        if (type === 'WorkflowCompleted') return atMs;
        if (type === 'TaskParked' || type === 'WorkflowParked') throw new Error(`${wf} was parked`);
        seen = entry[0];
      }
    }
  }
}
