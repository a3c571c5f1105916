import { startRedis, type RedisServer } from '@lockstep/testing';
import { Redis } from 'ioredis';
import type { ClaimId, EventType, TaskId, Version, WorkerId, WorkflowId } from '@lockstep/kernel';
import {
  LogReader,
  Partitions,
  randomClaimId,
  randomWorkflowId,
  ROOT_TASK,
  Store,
  librarySource,
  type AppendItem,
  type AppendReply,
  type ClaimReply,
  type Release,
  type StartReply,
  type StartWorkflow,
  type StoreLimits,
} from '../../src/index.js';
import { dump } from './dump.js';
import { event } from './events.js';
import { parseTaskRecord, type TaskRecord } from './task-record.js';

const LIBRARY = 'lockstep_test';
export const INBOX = 'orders@1';
export const W1 = 'w1' as WorkerId;
export const W2 = 'w2' as WorkerId;
export const LEASE_MS = 5000;
export const ATTEMPT_MS = 30_000;
const LIMITS: StoreLimits = { tasksPerWorkflow: 8, crashBudget: 2 };
const START_OF_TIME_MS = 1_000_000;

export interface Message {
  readonly id: string;
  readonly wf: WorkflowId;
  readonly task: TaskId;
  readonly dispatch: number;
  readonly born: Version;
  readonly alone: boolean;
}

/** A Redis of one partition with a test build of the library, and a clock that only `pass` moves. */
export class Scene implements AsyncDisposable {
  readonly store: Store;
  readonly partitions = new Partitions(1);
  private nowMs = START_OF_TIME_MS;

  private constructor(
    private readonly server: RedisServer,
    readonly redis: Redis,
  ) {
    this.store = new Store(redis, this.partitions, LIMITS, LIBRARY);
  }

  static async open(edit?: (file: string, source: string) => string): Promise<Scene> {
    const server = await startRedis();
    const redis = new Redis(server.url);
    const build = edit === undefined ? {} : { edit };
    await redis.call(
      'FUNCTION',
      'LOAD',
      librarySource({ name: LIBRARY, testClock: true, ...build }),
    );
    return new Scene(server, redis);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.redis.disconnect();
    await this.server.stop();
  }

  /** Forgets everything but the library. */
  async clear(): Promise<void> {
    await this.redis.flushall();
    this.nowMs = START_OF_TIME_MS;
    await this.pass(0);
  }

  /** Moves the store's clock. */
  async pass(ms: number): Promise<void> {
    this.nowMs += ms;
    await this.redis.set(this.key('test-clock'), this.nowMs);
  }

  /** Moves the clock in steps that leases follow in full (S7). */
  async passLease(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      await this.pass(Math.min(left, 1000));
      await this.store.lease(0, 'tick', 'tick', 1);
    }
  }

  key(name: string): string {
    return this.partitions.feed(0).replace(/feed$/, name);
  }

  /** Starts a workflow with its root in {@link INBOX}. */
  async start(given: Partial<StartWorkflow> = {}): Promise<WorkflowId> {
    const wf = given.wf ?? randomWorkflowId();
    await this.store.start(startOf({ ...given, wf }));
    return wf;
  }

  startTwice(given: StartWorkflow): Promise<readonly [StartReply, StartReply]> {
    return this.twice(() => this.store.start(given));
  }

  alive(worker: WorkerId, beat = 1): ReturnType<Store['heartbeat']> {
    return this.store.heartbeat(0, worker, beat, LEASE_MS, []);
  }

  /** What lies in an inbox, oldest first. */
  async inbox(inbox = INBOX): Promise<Message[]> {
    const entries = await this.redis.xrange(this.partitions.inbox(0, inbox), '-', '+');
    return entries.map(([id, [, wf, , task, , dispatch, , born, , alone]]) => ({
      id,
      wf: wf as WorkflowId,
      task: task as TaskId,
      dispatch: Number(dispatch),
      born: Number(born),
      alone: alone === '1',
    }));
  }

  claim(message: Message, worker = W1, claim = randomClaimId(), beat = 1): Promise<ClaimReply> {
    const { id, wf, task, dispatch } = message;
    const rest = { beat, inbox: INBOX, message: id, deadlineMs: ATTEMPT_MS };
    return this.store.claim({ wf, task, dispatch, claim, worker, ...rest });
  }

  /** Has a worker claim the oldest message. */
  async take(worker = W1, beat = 1): Promise<HeldByTest> {
    const [message] = await this.inbox();
    const claim = randomClaimId();
    const reply = await this.claim(message!, worker, claim, beat);
    if (reply.reply !== 'ok') throw new Error(`not claimed: ${reply.reply}`);
    return new HeldByTest(this.store, message!.wf, message!.task, claim, reply.version);
  }

  /** A workflow whose root a worker holds. */
  async held(worker = W1): Promise<HeldByTest> {
    await this.alive(worker);
    await this.start();
    return this.take(worker);
  }

  head(wf: WorkflowId): Promise<Record<string, string>> {
    return this.redis.hgetall(this.partitions.head(wf));
  }

  async task(wf: WorkflowId, task: TaskId = ROOT_TASK): Promise<TaskRecord> {
    return parseTaskRecord((await this.head(wf))[`t:${task}`]!);
  }

  async types(wf: WorkflowId): Promise<EventType[]> {
    const events = await new LogReader(this.redis, this.partitions).all(wf);
    return events.map(({ type }) => type);
  }

  /** S12: makes one call twice, and fails if the second changed anything. */
  async twice<T>(call: () => Promise<T>): Promise<readonly [T, T]> {
    const first = await call();
    const before = await dump(this.redis);
    const second = await call();
    const after = await dump(this.redis);
    if (JSON.stringify(before) !== JSON.stringify(after)) {
      throw new Error(`the repeat changed ${differing(before, after).join(', ')}`);
    }
    return [first, second];
  }
}

const differing = (before: Record<string, unknown>, after: Record<string, unknown>): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );

export function startOf(given: Partial<StartWorkflow> = {}): StartWorkflow {
  return {
    wf: randomWorkflowId(),
    tenant: 'acme',
    type: 'job',
    digest: 'd',
    root: ROOT_TASK,
    inbox: INBOX,
    started: { type: 'job', version: 1, tenant: 'acme', root: ROOT_TASK },
    scheduled: { role: 'orders', major: 1, name: 'lookup', version: 1, by: null, returnTo: null },
    request: '{"orderId":"#W1","items":[],"cents":12345678901234567}',
    ...given,
  };
}

/** A claimed task, with the append number and the version read that its worker would keep. */
export class HeldByTest {
  number = 0;

  constructor(
    private readonly store: Store,
    readonly wf: WorkflowId,
    readonly task: TaskId,
    readonly claim: ClaimId,
    public readUpTo: Version,
  ) {}

  /** Appends under the next number. */
  async append(items: readonly AppendItem[], release?: Release): Promise<AppendReply> {
    const reply = await this.again(items, release, this.number + 1);
    if (reply.reply === 'ok') {
      this.number += 1;
      this.readUpTo = reply.to;
    }
    return reply;
  }

  /** Sends an append under a number of one's choice. */
  again(
    items: readonly AppendItem[],
    release?: Release,
    number = this.number,
  ): Promise<AppendReply> {
    const { wf, task, claim, readUpTo } = this;
    const append = { wf, task, claim, number, readUpTo, items };
    return this.store.append(release === undefined ? append : { ...append, release });
  }

  step(name = 'a'): Promise<AppendReply> {
    return this.append([event(this.task, 'StepCompleted', { name, attempt: 1 }, 1, '[]')]);
  }

  complete(): Promise<AppendReply> {
    const done = event(this.task, 'TaskCompleted', { version: 1, returnTo: null });
    return this.append([done], { as: 'completed' });
  }

  /** Calls another task as operation `op`, in the same inbox. */
  call(op: number): Promise<AppendReply> {
    return this.append([called(this.task, op)]);
  }

  suspend(waits: Partial<Extract<Release, { as: 'suspended' }>['waits']>): Promise<AppendReply> {
    const all = { any: [], all: [], signals: [], ...waits };
    const suspended = event(this.task, 'TaskSuspended', { waits: all });
    return this.append([suspended], { as: 'suspended', waits: all });
  }
}

/** The item that schedules the child of an operation. */
export function called(task: TaskId, op: number): AppendItem {
  const child = `${task}.${op}` as TaskId;
  const returnTo = { task, op };
  const to = { role: 'orders', major: 1, name: 'lookup', version: 1 };
  const scheduled = event(child, 'TaskScheduled', { ...to, by: returnTo, returnTo }, 0, '{}');
  return { ...scheduled, deliver: { inbox: INBOX, returnTo } };
}
