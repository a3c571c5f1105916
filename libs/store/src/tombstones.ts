// Reading what is left of workflows that were retired.

import type { Redis } from 'ioredis';
import type { Version, WorkflowId } from '@lockstep/kernel';
import type { Partitions } from './keys.js';
import type { WorkflowStatus } from './operations.js';

export interface Tombstone {
  readonly wf: WorkflowId;
  readonly tenant: string;
  readonly type: string;
  /** In which it ended. */
  readonly status: WorkflowStatus;
  /** Of its last event. */
  readonly version: Version;
  /** JSON text; null when it came to none. */
  readonly result: string | null;
}

export class TombstoneReader {
  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {}

  /** Null when there is none (any more). */
  async read(wf: WorkflowId): Promise<Tombstone | null> {
    const fields = await this.redis.hmget(this.partitions.tombstone(wf), ...FIELDS);
    const [tenant, type, status, version, result] = fields;
    if (!tenant || !type) return null;
    return {
      ...{ wf, tenant, type, status: status as WorkflowStatus },
      ...{ version: Number(version), result: result || null },
    };
  }
}

const FIELDS = ['tenant', 'type', 'status', 'version', 'result'];
