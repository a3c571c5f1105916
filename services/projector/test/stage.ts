import type { ClaimId, EventMeta, EventType, TaskId, WorkerId, WorkflowId } from '@lockstep/kernel';
import { evolveView, initialView, viewJson } from '@lockstep/kernel';
import {
  type AppendItem,
  loadLibrary,
  LogReader,
  Partitions,
  randomClaimId,
  randomWorkflowId,
  type Release,
  ROOT_TASK,
  Store,
  ViewReader,
} from '@lockstep/store';
import { eventually, type RedisServer, ServiceProcess, startRedis } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const PARTITIONS = 4;
export const WORKER = 'by-hand' as WorkerId;
export const INBOX = 'clerk@1';

/** A Redis, and workflows whose tasks a test works on by hand. */
export class Stage implements AsyncDisposable {
  readonly partitions = new Partitions(PARTITIONS);
  readonly store: Store;
  readonly log: LogReader;
  readonly views: ViewReader;
  private processes = 0;

  private constructor(
    readonly server: RedisServer,
    readonly redis: Redis,
    private readonly folder: string,
  ) {
    this.store = new Store(redis, this.partitions);
    this.log = new LogReader(redis, this.partitions);
    this.views = new ViewReader(redis, this.partitions);
  }

  static async open(): Promise<Stage> {
    const server = await startRedis({ appendfsync: 'always' });
    const redis = new Redis(server.url);
    await loadLibrary(redis);
    const stage = new Stage(server, redis, await mkdtemp(join(tmpdir(), 'projector-')));
    const alive = stage.partitions.tags.map((_, partition) =>
      stage.store.heartbeat(partition, WORKER, 1, 600_000, []),
    );
    await Promise.all(alive);
    return stage;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.redis.disconnect();
    await this.server.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Starts a projector as a process of its own. */
  projector(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const spec = this.spec('main');
    return ServiceProcess.start({ ...spec, env: { ...spec.env, ...env } });
  }

  /** Runs the command that throws all views away and rebuilds them. */
  async rebuild(): Promise<void> {
    const command = await ServiceProcess.spawn(this.spec('rebuild'));
    const { status } = await command.exit;
    if (status !== 0) throw new Error(await command.tail());
  }

  async start(type = 'job', tenant = 'acme'): Promise<WorkflowId> {
    const wf = randomWorkflowId();
    const merges = { notes: 'append', cents: 'sum' } as const;
    await this.store.start({
      ...{ wf, tenant, type, digest: 'd', root: ROOT_TASK, inbox: INBOX, request: '{}' },
      started: { type, version: 1, tenant, root: ROOT_TASK, merges },
      scheduled: { role: 'clerk', major: 1, name: 'do', version: 1, by: null, returnTo: null },
    });
    return wf;
  }

  async claim(wf: WorkflowId, task: TaskId = ROOT_TASK, dispatch = 1): Promise<Held> {
    const claim = randomClaimId();
    const rest = { beat: 1, inbox: INBOX, message: '0-1', deadlineMs: 600_000 };
    const reply = await this.store.claim({ wf, task, dispatch, claim, worker: WORKER, ...rest });
    if (reply.reply !== 'ok') throw new Error(`not claimed: ${reply.reply}`);
    return new Held(this.store, wf, task, claim, reply.version);
  }

  /** A workflow whose root made `steps` steps, and is still held. */
  async working(steps: number): Promise<Held> {
    const held = await this.claim(await this.start());
    for (let op = 1; op <= steps; op += 1) await held.step(op);
    return held;
  }

  /** The bytes that a workflow's log folds to here and now. */
  async folded(wf: WorkflowId): Promise<string> {
    return viewJson(evolveView(initialView(wf), await this.log.all(wf)));
  }

  /** Waits until the view of each workflow is what its log folds to. */
  async upToDate(...workflows: readonly WorkflowId[]): Promise<void> {
    for (const wf of workflows) {
      const expected = await this.folded(wf);
      await eventually(async () => (await this.views.get(wf))?.body === expected, {
        what: `the view of ${wf} is what its log folds to`,
      });
    }
  }

  /** All that a projector wrote, by key. */
  async projected(): Promise<Record<string, unknown>> {
    const dump: Record<string, unknown> = {};
    for (const key of (await this.redis.keys('ls:*')).sort()) {
      if (/:view:/.test(key)) dump[key] = await this.redis.hgetall(key);
      if (/:list:/.test(key)) dump[key] = await this.redis.zrange(key, '0', '-1', 'WITHSCORES');
    }
    return dump;
  }

  private spec(entry: string): Parameters<typeof ServiceProcess.spawn>[0] {
    const name = `${entry}-${(this.processes += 1)}`;
    return {
      ...{ name, main: new URL(`../dist/${entry}.js`, import.meta.url).pathname },
      log: join(this.folder, `${name}.log`),
      env: {
        LOCKSTEP_REDIS_URL: this.server.url,
        LOCKSTEP_PARTITIONS: String(PARTITIONS),
        LOCKSTEP_PROJECTOR_LEASE_MS: '1000',
      },
    };
  }
}

export const told = <T extends EventType>(
  task: TaskId | '',
  type: T,
  meta: EventMeta[T],
  op = 0,
  data = '',
): AppendItem => ({ event: { type, task, op, meta, data } });

/** A task that the test holds. */
export class Held {
  private number = 0;

  constructor(
    private readonly store: Store,
    readonly wf: WorkflowId,
    readonly task: TaskId,
    private readonly claim: ClaimId,
    private readUpTo: number,
  ) {}

  async append(items: readonly AppendItem[], release?: Release): Promise<void> {
    const { wf, task, claim, readUpTo } = this;
    this.number += 1;
    const append = { wf, task, claim, number: this.number, readUpTo, items };
    const reply = await this.store.append(release ? { ...append, release } : append);
    if (reply.reply !== 'ok') throw new Error(`not appended: ${reply.reply}`);
    this.readUpTo = reply.to;
  }

  step(op: number): Promise<void> {
    return this.append([
      told(this.task, 'StepCompleted', { name: `s${op}`, attempt: 1 }, op, '[]'),
    ]);
  }

  change(op: number, change: object): Promise<void> {
    const fields = Object.keys(change);
    return this.append([told(this.task, 'StateChanged', { fields }, op, JSON.stringify(change))]);
  }

  complete(): Promise<void> {
    const done = told(
      this.task,
      'TaskCompleted',
      { version: 1, returnTo: null },
      0,
      '{"b":1,"a":[]}',
    );
    return this.append([done, told('', 'WorkflowCompleted', {})], { as: 'completed' });
  }

  intend(op: number): Promise<void> {
    return this.append([
      told(
        this.task,
        'EffectIntended',
        {
          ...{ action: 'refund', key: 'o1', attempt: 1, inputDigest: 'd' },
          ...{ windowMs: 1, timeoutMs: 1, risk: 'low' },
        },
        op,
      ),
    ]);
  }

  park(op: number): Promise<void> {
    const error = [{ name: 'E', code: 'EffectInDoubt', kind: 'permanent', message: 'no' }] as const;
    const parked = told(this.task, 'TaskParked', { reason: 'EffectInDoubt', error, op });
    return this.append([parked], { as: 'parked' });
  }

  fail(): Promise<void> {
    const error = [{ name: 'E', code: 'NoSuchOrder', kind: 'permanent', message: 'no' }] as const;
    const origin = { task: this.task, role: 'clerk' };
    const failed = told(this.task, 'TaskFailed', { error, returnTo: null, origin });
    const parked = told('', 'WorkflowParked', { reason: 'Uncaught', task: this.task, error });
    return this.append([failed, parked], { as: 'failed' });
  }

  suspend(op: number, delayMs: number): Promise<void> {
    const waits = { any: [], all: [[op]], signals: ['go'] };
    const timer = { ...told(this.task, 'TimerSet', { delayMs }, op), timerMs: delayMs };
    return this.append([timer, told(this.task, 'TaskSuspended', { waits })], {
      as: 'suspended',
      waits,
    });
  }
}
