import type { Redis } from 'ioredis';
import type { TaskId, Version, WorkflowId } from '@lockstep/kernel';
import type { Partitions } from './keys.js';
import type { WorkflowStatus } from './operations.js';

/** What is always up to date about a workflow: its head moves with its log. */
export interface Head {
  readonly wf: WorkflowId;
  readonly tenant: string;
  readonly type: string;
  readonly status: WorkflowStatus;
  readonly version: Version;
}

/** Reading heads. Writing them is the business of the Function library alone. */
export class HeadReader {
  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {}

  /** Null when there is no such workflow. */
  async read(wf: WorkflowId): Promise<Head | null> {
    const head = this.partitions.head(wf);
    const [tenant, type, status, version] = await this.redis.hmget(head, ...FIELDS);
    if (!tenant || !type) return null;
    return { wf, tenant, type, status: status as WorkflowStatus, version: Number(version) };
  }

  /** Version of the event that holds what a task is asked, a person's correction included; null when there is no such task. */
  async requestAt(wf: WorkflowId, task: TaskId): Promise<Version | null> {
    const head = this.partitions.head(wf);
    const [corrected, delivery] = await this.redis.hmget(head, `asked:${task}`, `d:${task}`);
    const version = corrected ?? delivery?.split(' ')[BORN];
    return version === undefined ? null : Number(version);
  }

  /** The version that a command under this id was recorded at; null when none was. */
  async commandAt(wf: WorkflowId, commandId: string): Promise<Version | null> {
    const version = await this.redis.hget(this.partitions.head(wf), `c:${commandId}`);
    return version === null ? null : Number(version);
  }
}

/** Which word of a task's delivery is the version of its TaskScheduled; see `functions/shared/task.lua`. */
const BORN = 4;

const FIELDS = ['tenant', 'type', 'status', 'version'];
