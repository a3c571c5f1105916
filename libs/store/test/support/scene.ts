import { jest } from '@jest/globals';
import { startRedis, type RedisServer } from '@lockstep/testing';
import { Redis } from 'ioredis';
import type { ClaimId, EventType, TaskId, Version, WorkerId, WorkflowId } from '@lockstep/kernel';
import {
  DeadLetterReader,
  LogReader,
  Partitions,
  randomClaimId,
  randomWorkflowId,
  ROOT_TASK,
  Store,
  librarySource,
  type CancelReply,
  type ClaimReply,
  type DeadLetter,
  type SignalReply,
  type StartReply,
  type StartWorkflow,
  type StoreLimits,
} from '../../src/index.js';
import { dump } from './dump.js';
import { HeldByTest } from './held-by-test.js';
import { parseTaskRecord, type TaskRecord } from './task-record.js';

export const LIBRARY = 'lockstep_test';
export const INBOX = 'orders@1';
export const W1 = 'w1' as WorkerId;
export const W2 = 'w2' as WorkerId;
export const LEASE_MS = 5000;
export const ATTEMPT_MS = 30_000;
const LIMITS: StoreLimits = { tasksPerWorkflow: 8, crashBudget: 2, receiptMs: 3_600_000 };
const START_OF_TIME_MS = 1_000_000;

export interface Message {
  readonly id: string;
  readonly wf: WorkflowId;
  readonly task: TaskId;
  readonly name: string;
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

  /** As a person does who wants nothing undone. */
  cancel(wf: WorkflowId, commandId = 'x1'): Promise<CancelReply> {
    return this.store.cancel({ wf, commandId, reason: 'changed', by: 'ann', rollback: false });
  }

  alive(worker: WorkerId, beat = 1): ReturnType<Store['heartbeat']> {
    return this.store.heartbeat(0, worker, beat, LEASE_MS, []);
  }

  /** What lies in an inbox, oldest first. */
  async inbox(inbox = INBOX): Promise<Message[]> {
    const entries = await this.redis.xrange(this.partitions.inbox(0, inbox), '-', '+');
    return entries.map(([id, [, reference = '']]) => {
      const [wf, task, name = '', dispatch, born, alone] = reference.split(' ');
      return {
        id,
        ...{ wf: wf as WorkflowId, task: task as TaskId, name },
        ...{ dispatch: Number(dispatch), born: Number(born), alone: alone === '1' },
      };
    });
  }

  claim(message: Message, worker = W1, claim = randomClaimId(), beat = 1): Promise<ClaimReply> {
    const { id, wf, task, dispatch } = message;
    const rest = { beat, inbox: INBOX, message: id, deadlineMs: ATTEMPT_MS };
    return this.store.claim({ wf, task, dispatch, claim, worker, ...rest });
  }

  /** Has a worker claim the oldest message, of one workflow if it is named. */
  async take(worker = W1, beat = 1, wf?: WorkflowId): Promise<HeldByTest> {
    const messages = await this.inbox();
    const message = messages.find((found) => wf === undefined || found.wf === wf);
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

  /** A worker's view of a task that it never claimed. */
  pretend(wf: WorkflowId, claim: ClaimId): HeldByTest {
    return new HeldByTest(this.store, wf, ROOT_TASK, claim, 0);
  }

  unknown(): Promise<WorkflowId> {
    return Promise.resolve(randomWorkflowId());
  }

  signal(wf: WorkflowId, id: string, name = 'approved'): Promise<SignalReply> {
    return this.store.signal({ wf, id, name, meta: { name, id, version: 1 }, payload: '{}' });
  }

  /** What a worker holds, as `wf task`. */
  async holds(worker: WorkerId): Promise<string[]> {
    return (await this.redis.smembers(this.partitions.held(0, worker))).sort();
  }

  /** Each timer with the time from now until it is due. */
  async timers(): Promise<[string, number][]> {
    const flat = await this.redis.zrange(this.partitions.timers(0), '0', '-1', 'WITHSCORES');
    const members = flat.filter((_, at) => at % 2 === 0);
    return members.map((member, at) => [member, Number(flat[2 * at + 1]) - this.nowMs]);
  }

  async letters(tenant = 'acme'): Promise<readonly DeadLetter[]> {
    const reader = new DeadLetterReader(this.redis, this.partitions);
    return (await reader.list({ role: 'orders', tenant }, { limit: 10 })).letters;
  }

  head(wf: WorkflowId): Promise<Record<string, string>> {
    return this.redis.hgetall(this.partitions.head(wf));
  }

  async task(wf: WorkflowId, task: TaskId = ROOT_TASK): Promise<TaskRecord> {
    const head = await this.head(wf);
    return parseTaskRecord(`${head[`t:${task}`]!} ${head[`d:${task}`]!}`);
  }

  async types(wf: WorkflowId): Promise<EventType[]> {
    const events = await new LogReader(this.redis, this.partitions).all(wf);
    return events.map(({ type }) => type);
  }

  /** Makes a call, and gives what sends the very same bytes again: how a late one arrives. */
  async recorded(call: () => Promise<unknown>): Promise<() => Promise<unknown>> {
    const fcall = jest.spyOn(this.redis, 'fcall');
    await call();
    const [sent] = fcall.mock.calls;
    fcall.mockRestore();
    return () => this.redis.fcall(...sent!);
  }

  /** S12: sends the very same call twice, and fails if the second changed anything. */
  async twice<T>(call: () => Promise<T>): Promise<readonly [T, T]> {
    const fcall = this.redis.fcall.bind(this.redis);
    let sent: Parameters<Redis['fcall']> | undefined;
    const spy = jest.spyOn(this.redis, 'fcall').mockImplementation((...args) => {
      sent ??= args;
      return fcall(...sent);
    });
    const first = await call();
    const before = await dump(this.redis);
    const second = await call();
    const after = await dump(this.redis);
    spy.mockRestore();
    const changed = differing(before, after);
    if (changed.length > 0) throw new Error(`the repeat changed ${changed.join(', ')}`);
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

/** A new workflow of a store, its root claimed by {@link W1}. */
export async function claimed(store: Store): Promise<HeldByTest> {
  const given = startOf();
  const { wf } = given;
  await store.start(given);
  await store.heartbeat(store.partitions.of(wf), W1, 1, LEASE_MS, []);
  const claim = randomClaimId();
  const rest = { beat: 1, inbox: INBOX, message: '0-1', deadlineMs: ATTEMPT_MS };
  await store.claim({ wf, task: ROOT_TASK, dispatch: 1, claim, worker: W1, ...rest });
  return new HeldByTest(store, wf, ROOT_TASK, claim, 3);
}
