import type { Redis } from 'ioredis';
import type { TaskId, Version, WorkflowId } from '@lockstep/kernel';
import { ledgerKey, type Partitions } from '@lockstep/store';

/** A task that a process holds. */
export interface HeldTask {
  readonly wf: WorkflowId;
  readonly task: TaskId;
}

/** A task that was held by a process when it was killed. */
export interface InterruptedTask extends HeldTask {
  /** Of the workflow when the kill was done. */
  readonly version: Version;
}

/** Looks up in the store what processes hold; changes nothing. */
export class HeldWork {
  readonly #workers = new Map<string, string>();

  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
    private readonly tenant: string,
  ) {}

  /** The task that has reserved an effect's key; undefined when none has. */
  async reserverOf(action: string, key: string): Promise<HeldTask | undefined> {
    const entry = ledgerKey(this.tenant, action, key);
    const [wf, task] = await this.redis.hmget(entry, 'wf', 'task');
    return wf && task ? { wf: wf as WorkflowId, task: task as TaskId } : undefined;
  }

  /** Every task that a process of a role holds, by the process's own account with the store. */
  async of(role: string, pid: number): Promise<HeldTask[]> {
    const worker = await this.#workerOf(`${role}-${pid}-`);
    if (worker === undefined) return [];
    const members = await Promise.all(
      this.partitions.tags.map((_, partition) =>
        this.redis.smembers(this.partitions.held(partition, worker)),
      ),
    );
    return members.flat().map((member) => {
      const [wf, task] = member.split(' ') as [WorkflowId, TaskId];
      return { wf, task };
    });
  }

  /** Its id begins with its role and process; it has one for each start. */
  async #workerOf(prefix: string): Promise<string | undefined> {
    const known = this.#workers.get(prefix);
    if (known !== undefined) return known;
    const workers = await this.redis.zrange(this.partitions.workers(0), '0', '-1');
    const worker = workers.find((id) => id.startsWith(prefix));
    if (worker !== undefined) this.#workers.set(prefix, worker);
    return worker;
  }

  /** Adds to each task how far its workflow has come. */
  interrupted(tasks: readonly HeldTask[]): Promise<InterruptedTask[]> {
    return Promise.all(
      tasks.map(async (task) => {
        const version = await this.redis.hget(this.partitions.head(task.wf), 'version');
        return { ...task, version: Number(version) };
      }),
    );
  }
}
