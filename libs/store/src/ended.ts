// Reading which workflows have ended, and when.

import type { Redis } from 'ioredis';
import type { Version, WorkflowId } from '@lockstep/kernel';
import { inOneGo } from './in-one-go.js';
import type { Partitions } from './keys.js';

export interface EndedWorkflow {
  readonly wf: WorkflowId;
  /** Of its head when it was read. */
  readonly version: Version;
  readonly endedAtMs: number;
  /** No task of it is open, and its view shows its end: to read more of it is no waste. */
  readonly isSettled: boolean;
}

export class EndedReader {
  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {}

  /**
   * Workflows of a partition that ended at least `keepMs` ago by the clock of the store, the first to end first.
   *
   * @param limit - how many, at most
   */
  async due(partition: number, keepMs: number, limit: number): Promise<EndedWorkflow[]> {
    const before = (await this.nowMs()) - keepMs;
    const range = ['-inf', before, 'WITHSCORES', 'LIMIT', 0, limit] as const;
    const found = await this.redis.zrangebyscore(this.partitions.ended(partition), ...range);
    const ended = pairs(found);
    const heads = await inOneGo(this.redis, ended, (pipeline, [wf]) =>
      pipeline.hmget(this.partitions.head(wf), 'version', 'open'),
    );
    const shown = await inOneGo(this.redis, ended, (pipeline, [wf]) =>
      pipeline.hget(this.partitions.view(wf), 'version'),
    );
    return ended.map(([wf, score], at) => {
      const [version, open] = heads[at] as (string | null)[];
      return {
        ...{ wf: wf as WorkflowId, version: Number(version ?? 0), endedAtMs: Number(score) },
        isSettled: open === '0' && shown[at] === version,
      };
    });
  }

  private async nowMs(): Promise<number> {
    const [seconds = 0, micros = 0] = (await this.redis.time()).map(Number);
    return seconds * 1000 + Math.floor(micros / 1000);
  }
}

const pairs = (flat: readonly string[]): [string, string][] =>
  flat.flatMap((member, at) => (at % 2 === 0 ? [[member, flat[at + 1] ?? '']] : []));
