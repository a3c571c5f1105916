import type { ClaimId, EventMeta, EventType, TaskId, WorkerId, WorkflowId } from '@lockstep/kernel';
import {
  type Append,
  type AppendItem,
  type HeartbeatReply,
  loadLibrary,
  LogReader,
  Partitions,
  randomClaimId,
  randomWorkerId,
  randomWorkflowId,
  type Release,
  ROOT_TASK,
  Store,
} from '@lockstep/store';
import { type RedisServer, ServiceProcess, startRedis } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const PARTITIONS = 4;
export const INBOX = 'clerk@1';

/** A Redis, supervisors as processes of their own, and workers that a test plays. */
export class Stage implements AsyncDisposable {
  readonly partitions = new Partitions(PARTITIONS);
  readonly store: Store;
  readonly log: LogReader;
  private readonly processes: ServiceProcess[] = [];
  private readonly workers: PlayedWorker[] = [];
  private started = 0;

  private constructor(
    readonly server: RedisServer,
    readonly redis: Redis,
    readonly folder: string,
  ) {
    this.store = new Store(redis, this.partitions);
    this.log = new LogReader(redis, this.partitions);
  }

  static async open(): Promise<Stage> {
    const server = await startRedis({ appendfsync: 'always' });
    const redis = new Redis(server.url);
    await loadLibrary(redis);
    return new Stage(server, redis, await mkdtemp(join(tmpdir(), 'supervisor-')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.processes) await process[Symbol.asyncDispose]();
    for (const worker of this.workers) worker.disconnect();
    this.redis.disconnect();
    await this.server.stop();
    await rm(this.folder, { recursive: true });
  }

  async supervisor(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const name = `supervisor-${(this.started += 1)}`;
    const process = await ServiceProcess.start({
      ...{ name, main: new URL('../dist/main.js', import.meta.url).pathname },
      log: join(this.folder, `${name}.log`),
      env: {
        LOCKSTEP_REDIS_URL: this.server.url,
        LOCKSTEP_PARTITIONS: String(PARTITIONS),
        ...env,
      },
    });
    this.processes.push(process);
    return process;
  }

  /** A worker with one connection, registered in every partition. */
  async worker(leaseMs = 600_000, name?: string): Promise<PlayedWorker> {
    const id = randomWorkerId('clerk', process.pid);
    const redis = new Redis(this.server.url, { connectionName: name ?? `ls:${id}` });
    const worker = new PlayedWorker(new Store(redis, this.partitions), redis, id);
    await worker.beat(leaseMs);
    this.workers.push(worker);
    return worker;
  }

  async start(): Promise<WorkflowId> {
    const wf = randomWorkflowId();
    const tenant = 'acme';
    await this.store.start({
      ...{ wf, tenant, type: 'job', digest: 'd', root: ROOT_TASK, inbox: INBOX, request: '{}' },
      started: { type: 'job', version: 1, tenant, root: ROOT_TASK },
      scheduled: { role: 'clerk', major: 1, name: 'do', version: 1, by: null, returnTo: null },
    });
    return wf;
  }
}

/** A worker without a process of its own: it does what a test says, and dies by closing its connection. */
export class PlayedWorker {
  private beats = 0;

  constructor(
    private readonly store: Store,
    private readonly redis: Redis,
    readonly id: WorkerId,
  ) {}

  /** Registers everywhere; what it holds is not listed, and so goes back. */
  async beat(leaseMs: number): Promise<HeartbeatReply[]> {
    this.beats += 1;
    const beats = this.store.partitions.tags.map((_, partition) =>
      this.store.heartbeat(partition, this.id, this.beats, leaseMs, []),
    );
    return Promise.all(beats);
  }

  async claim(wf: WorkflowId, dispatch = 1, deadlineMs = 600_000): Promise<Held> {
    const claim = randomClaimId();
    const rest = { beat: this.beats, inbox: INBOX, message: '0-1', deadlineMs };
    const given = { wf, task: ROOT_TASK, dispatch, claim, worker: this.id, ...rest };
    const reply = await this.store.claim(given);
    if (reply.reply !== 'ok') throw new Error(`not claimed: ${reply.reply}`);
    return new Held(this.store, wf, claim, reply.version);
  }

  disconnect(): void {
    this.redis.disconnect();
  }

  async connect(): Promise<void> {
    await this.redis.connect();
  }
}

/** A root that a test holds. */
export class Held {
  private number = 0;

  constructor(
    private readonly store: Store,
    readonly wf: WorkflowId,
    private readonly claim: ClaimId,
    private readUpTo: number,
  ) {}

  async append(
    items: readonly AppendItem[],
    release?: Release,
    dead?: Append['dead'],
  ): Promise<string> {
    const { wf, claim, readUpTo } = this;
    const append = { wf, task: ROOT_TASK, claim, number: this.number + 1, readUpTo, items };
    const reply = await this.store.append({
      ...append,
      ...(release && { release }),
      ...(dead && { dead }),
    });
    if (reply.reply === 'ok') {
      this.number += 1;
      this.readUpTo = reply.to;
    }
    return reply.reply;
  }

  step(op: number): Promise<string> {
    return this.append([told('StepCompleted', { name: `s${op}`, attempt: 1 }, op, '[]')]);
  }

  /** Suspends until all of these timers have fired. */
  suspend(delaysMs: readonly number[]): Promise<string> {
    const ops = delaysMs.map((_, at) => at + 1);
    const timers = delaysMs.map((delayMs, at) => ({
      ...told('TimerSet', { delayMs }, at + 1),
      timerMs: delayMs,
    }));
    const waits = { any: [], all: [ops], signals: [] };
    return this.append([...timers, told('TaskSuspended', { waits })], { as: 'suspended', waits });
  }

  fail(): Promise<string> {
    const error = [{ name: 'E', code: 'NoSuchOrder', kind: 'permanent', message: 'no' }] as const;
    const origin = { task: ROOT_TASK, role: 'clerk' };
    const failed = told('TaskFailed', { error, returnTo: null, origin });
    return this.append([failed], { as: 'failed' }, { role: 'clerk', task: ROOT_TASK, meta: {} });
  }
}

export const told = <T extends EventType>(
  type: T,
  meta: EventMeta[T],
  op = 0,
  data = '',
  task: TaskId = ROOT_TASK,
): AppendItem => ({ event: { type, task, op, meta, data } });
