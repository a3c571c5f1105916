// Workers of one role in this process, over a real server; a test decides how each task runs.

import { type AnyTask, Nothing, role, task } from '@lockstep/contracts';
import { Metrics } from '@lockstep/host';
import type { RecordedEvent, WorkflowId } from '@lockstep/kernel';
import {
  connectRedis,
  duplicateForLoop,
  LogReader,
  Partitions,
  randomWorkflowId,
  ROOT_TASK,
  Store,
} from '@lockstep/store';
import { eventually, type RedisOptions, type RedisServer, startRedis } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { AgentConfig } from '../src/worker/agent-config.js';
import {
  type ClaimedTask,
  ShuttingDown,
  type TaskHandler,
  type TaskRunner,
} from '../src/worker/claimed-task.js';
import { openWorker } from '../src/worker/open-worker.js';
import type { Worker } from '../src/worker/worker.js';

export const crew = role('crew', { run: task(Nothing, Nothing), fresh: task(Nothing, Nothing) });

export interface Member {
  readonly worker: Worker;
  readonly metrics: Metrics;
  /** Everything that was claimed, in order. */
  readonly claimed: ClaimedTask[];
}

export interface MemberOptions {
  readonly concurrency?: number;
  readonly heartbeatMs?: number;
  readonly leaseMs?: number;
  readonly tasks?: readonly AnyTask[];
  readonly run: TaskRunner['run'];
}

export class Bench {
  private readonly members: Member[] = [];
  private readonly connections: Redis[] = [];

  /** Runs a task that has nothing to do. */
  readonly completes = (claimed: ClaimedTask): Promise<void> => this.release(claimed, 'completed');

  /** Holds a task until it is told to let go, and hands it back when the process ends. */
  readonly holds = async (claimed: ClaimedTask): Promise<void> => {
    const reason = await untilLost(claimed);
    if (reason instanceof ShuttingDown) await this.release(claimed, 'queued');
  };

  private constructor(
    readonly server: RedisServer,
    readonly redis: Redis,
    readonly store: Store,
    readonly log: LogReader,
  ) {}

  static async start(options: RedisOptions = {}): Promise<Bench> {
    const server = await startRedis(options);
    const redis = new Redis(server.url);
    const partitions = new Partitions(2);
    return new Bench(server, redis, new Store(redis, partitions), new LogReader(redis, partitions));
  }

  /** Ends its workers. */
  async end(): Promise<void> {
    await Promise.all(this.members.splice(0).map(({ worker }) => worker.stop()));
    for (const connection of this.connections.splice(0)) connection.disconnect();
  }

  /** Ends its workers, and empties its server. */
  async clear(): Promise<void> {
    await this.end();
    await this.redis.flushall();
  }

  async stop(): Promise<void> {
    await this.clear();
    this.redis.disconnect();
    await this.server.stop();
  }

  /** Starts a worker. */
  async member(options: MemberOptions): Promise<Member> {
    const { concurrency = 4, heartbeatMs = 100, leaseMs = 5000, tasks = [crew.run] } = options;
    const redisUrl = this.server.url;
    const config = Object.assign(new AgentConfig(), { redisUrl, partitions: 2 });
    Object.assign(config, { concurrency, heartbeatMs, leaseMs });
    const claimed: ClaimedTask[] = [];
    const metrics = new Metrics();
    const worker = openWorker(crew, {
      ...{ config, metrics, logger: silent },
      connections: {
        connect: (name) => this.keep(connectRedis({ url: this.server.url, name })),
        connectLoop: (redis) => this.keep(duplicateForLoop(redis)),
      },
      loops: { watch: () => quiet },
      runner: {
        run: (task, handler) => {
          claimed.push(task);
          return options.run(task, handler);
        },
      },
    });
    await worker.start(new Map(tasks.map((each) => [each.name, handlerOf(each)])));
    const member = { worker, metrics, claimed };
    this.members.push(member);
    return member;
  }

  /** Starts workflows of one task each. */
  begin(count: number, name = 'run'): Promise<WorkflowId[]> {
    return Promise.all(Array.from({ length: count }, () => this.beginOne(name)));
  }

  async story(wf: WorkflowId): Promise<string[]> {
    return (await this.log.all(wf)).slice(2).map(({ type }) => type);
  }

  async status(wf: WorkflowId): Promise<string | null> {
    return this.redis.hget(this.store.partitions.head(wf), 'status');
  }

  async events(wf: WorkflowId, type: RecordedEvent['type']): Promise<number> {
    return (await this.story(wf)).filter((each) => each === type).length;
  }

  /** Takes back what a worker held, as the supervisor does when its connections are gone. */
  async reap(worker: string): Promise<void> {
    for (const partition of [0, 1]) await this.store.reap(partition, 100, [worker]);
  }

  /** Appends the last event of a task, and releases it. */
  async release(claimed: ClaimedTask, as: 'completed' | 'queued'): Promise<void> {
    const { wf, task, claim } = claimed;
    const type = as === 'completed' ? 'TaskCompleted' : 'TaskReleased';
    const meta = as === 'completed' ? { version: 1, returnTo: null } : { worker: 'bench' };
    const event = { type, task, op: 0, meta, data: 'null' } as const;
    const readUpTo = claimed.history.at(-1)!.version;
    const append = { wf, task, claim, number: 1, readUpTo, items: [{ event }], release: { as } };
    await this.store.append(append as Parameters<Store['append']>[0]);
  }

  async completed(wf: WorkflowId): Promise<void> {
    const isCompleted = async (): Promise<boolean> => (await this.status(wf)) === 'completed';
    await eventually(isCompleted, { what: `${wf} completes` });
  }

  private async beginOne(name: string): Promise<WorkflowId> {
    const wf = randomWorkflowId();
    await this.store.start({
      ...{ wf, tenant: 'acme', type: 'job', digest: 'd', root: ROOT_TASK, inbox: crew.inbox },
      started: { type: 'job', version: 1, tenant: 'acme', root: ROOT_TASK },
      scheduled: { role: 'crew', major: 1, name, version: 1, by: null, returnTo: null },
      request: 'null',
    });
    return wf;
  }

  private keep(redis: Redis): Redis {
    redis.on('error', quiet); // servers are killed in some tests
    this.connections.push(redis);
    return redis;
  }
}

const handlerOf = (contract: AnyTask): TaskHandler => ({
  contract,
  options: { timeoutMs: 30_000 },
  invoke: () => Promise.resolve(),
});

const quiet = (): void => undefined;
const silent = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** Resolves when the task is told to let go. */
export const untilLost = ({ lost }: ClaimedTask): Promise<unknown> =>
  new Promise((resolve) => {
    if (lost.aborted) resolve(lost.reason);
    lost.addEventListener('abort', () => {
      resolve(lost.reason);
    });
  });

export const holding = (member: Member, count: number): Promise<unknown> =>
  eventually(() => member.claimed.length === count, { what: `${count} tasks are held` });
