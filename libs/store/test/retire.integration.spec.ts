import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskId, WorkflowId } from '@lockstep/kernel';
import {
  EndedReader,
  randomWorkflowId,
  ROOT_TASK,
  TombstoneReader,
  type Retirement,
  type RetireReply,
  type View,
} from '../src/index.js';
import { event } from './support/events.js';
import type { HeldByTest } from './support/held-by-test.js';
import { Scene, startOf, W1 } from './support/scene.js';

const KEEP_MS = 60_000;
const PUT_OFF_MS = 5000;
const TIMES = { keepMs: KEEP_MS, tombstoneMs: 60_000, putOffMs: PUT_OFF_MS };
const MANY = 1000;

describe('retire', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(async () => {
    await scene.clear();
    await scene.store.lease(0, 'views', 'p1', 600_000);
  });

  const viewOf = (wf: WorkflowId, version: number, status: string): View => ({
    ...{ wf, version, status, tenant: 'acme', type: 'job' },
    ...{ startedAtMs: 1, digest: 'e', body: '{}' },
  });
  const project = async (wf: WorkflowId, missing = 0): Promise<boolean> => {
    const { version, status } = await scene.head(wf);
    const unsettled = [{ nth: 0, sinceMs: 1 }];
    const view = { ...viewOf(wf, Number(version) - missing, status ?? ''), unsettled };
    return scene.store.project(0, 'views', 'p1', 1, '1-0', [view]);
  };
  const due = (limit = 10) => new EndedReader(scene.redis, scene.partitions).due(0, 0, limit);
  const read = async (wf: WorkflowId, given: Partial<Retirement> = {}): Promise<Retirement> => {
    const endedAtMs = Number(await scene.redis.zscore(scene.partitions.ended(0), wf));
    const version = Number((await scene.head(wf))['version']);
    return { wf, version, endedAtMs, result: '{"n":1}', timers: [], ...given };
  };
  const retire = async (item: Retirement, tombstoneMs = 60_000): Promise<RetireReply> => {
    const retiring = () => scene.store.retire(0, { ...TIMES, tombstoneMs }, [item]);
    const [[reply]] = await scene.twice(retiring);
    return reply!;
  };
  const tombstone = (wf: WorkflowId) => new TombstoneReader(scene.redis, scene.partitions).read(wf);

  /** A completed workflow whose time has come, as its projector and its keeper know it. */
  async function finished(): Promise<HeldByTest> {
    const held = await scene.held();
    await held.complete();
    await project(held.wf);
    await scene.pass(KEEP_MS);
    return held;
  }

  it('leaves nothing of a workflow but a tombstone, which goes as well', async () => {
    const { wf } = await finished();
    expect(await retire(await read(wf))).toBe('ok');
    const left = (await scene.redis.keys('*')).filter((key) => key.includes(wf));
    expect(left).toEqual([scene.partitions.tombstone(wf)]);
    expect(await scene.redis.pttl(left[0]!)).toBeGreaterThan(0);
    const lists = ['list:acme:*:*', 'list:acme:job:completed', 'unsettled:acme'];
    const indexes = ['ended', 'workflows', ...lists, 'timers'];
    const kept = await Promise.all(indexes.map((name) => scene.redis.exists(scene.key(name))));
    expect(kept).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await tombstone(wf)).toEqual({
      ...{ wf, tenant: 'acme', type: 'job', status: 'completed', version: 4, result: '{"n":1}' },
    });
  });

  it('S12: has a repeated start find its result, and refuses another request', async () => {
    const { wf } = await finished();
    await retire(await read(wf));
    const [repeat] = await scene.startTwice(startOf({ wf }));
    expect(repeat).toEqual({ reply: 'duplicate', version: 4, status: 'completed' });
    const [other] = await scene.startTwice(startOf({ wf, digest: 'other' }));
    expect(other).toEqual({ reply: 'conflict' });
    expect(await scene.inbox()).toEqual([]);
  });

  it('lets the id be used again when no tombstone is wanted', async () => {
    const { wf } = await finished();
    expect(await retire(await read(wf), 0)).toBe('ok');
    expect(await tombstone(wf)).toBeNull();
    expect(await scene.store.start(startOf({ wf, digest: 'other' }))).toMatchObject({
      reply: 'ok',
    });
  });

  it('G2: has nothing made anew by those who come late', async () => {
    const held = await finished();
    const { wf } = held;
    const late = await scene.recorded(() => project(wf));
    await retire(await read(wf));
    const before = (await scene.redis.keys('*')).sort();
    expect(await held.again([], undefined, held.number + 1)).toEqual({ reply: 'fenced' });
    expect(await scene.signal(wf, 's1')).toEqual({ reply: 'unknown' });
    expect(await scene.cancel(wf)).toEqual({
      reply: 'unknown',
    });
    expect((await scene.store.heartbeat(0, W1, 2, 5000, [held.listed()])).lost).toEqual([
      { wf, task: ROOT_TASK },
    ]);
    expect(await late()).toEqual(['ok']);
    expect((await scene.redis.keys('*')).sort()).toEqual(before);
  });

  it('G1: takes the timers along that ended tasks have left', async () => {
    const held = await scene.held();
    const { wf } = held;
    await held.append([{ ...event(held.task, 'TimerSet', { delayMs: 9e9 }, 7), timerMs: 9e9 }]);
    await scene.cancel(wf);
    await project(wf);
    await scene.pass(KEEP_MS);
    const timers = [7, 8].map((op) => ({ task: ROOT_TASK, op }));
    expect(await retire(await read(wf, { result: null, timers }))).toBe('ok');
    expect(await scene.timers()).toEqual([]);
    expect(await tombstone(wf)).toMatchObject({ status: 'cancelled', result: null });
  });

  it('lets one leave that was rolled back, with the timer of its escalation', async () => {
    const escalate = { afterMs: 9e9, to: 'compensate' } as const;
    const wf = await scene.start({ policy: { onFailure: 'park', escalate, after: null } });
    await scene.alive(W1);
    await (await scene.take()).park();
    expect(await scene.timers()).toHaveLength(1);
    const rollback = { wf, commandId: 'x1', reason: 'wrong', by: 'ann', to: 0 };
    expect(await scene.store.rollback(rollback)).toMatchObject({ status: 'failed' });
    await project(wf);
    await scene.pass(KEEP_MS);
    expect(await retire(await read(wf, { result: null }))).toBe('ok');
    expect(await tombstone(wf)).toMatchObject({ status: 'failed', result: null });
    expect(await scene.timers()).toEqual([]);
  });

  it('keeps one whose time has not come', async () => {
    const held = await scene.held();
    await held.complete();
    await project(held.wf);
    await scene.pass(KEEP_MS - 1);
    expect(await retire(await read(held.wf))).toBe('early');
    await scene.pass(1);
    expect(await retire(await read(held.wf))).toBe('ok');
  });

  it('G6: keeps what has not ended, parked workflows above all', async () => {
    const held = await scene.held();
    await held.fail();
    await project(held.wf);
    await scene.pass(KEEP_MS);
    expect(await due()).toEqual([]);
    expect(await retire(await read(held.wf))).toBe('early');
  });

  it('G6: keeps one with an open task or a dead letter, and goes on with those behind it', async () => {
    const { wf } = await finished();
    const head = scene.partitions.head(wf);
    await scene.redis.hset(head, 'dead:r', 'orders 1-0');
    expect(await retire(await read(wf))).toBe('busy');
    await scene.pass(PUT_OFF_MS - 1);
    expect(await retire(await read(wf))).toBe('early');
    await scene.redis.hdel(head, 'dead:r');
    await scene.redis.hset(head, 'open', 1);
    await scene.pass(1);
    expect(await retire(await read(wf))).toBe('busy');
    await scene.redis.hset(head, 'open', 0);
    await scene.pass(PUT_OFF_MS);
    expect(await retire(await read(wf))).toBe('ok');
  });

  it('G8: keeps one until its view shows its end', async () => {
    const held = await scene.held();
    await held.complete();
    await scene.pass(KEEP_MS);
    expect(await retire(await read(held.wf))).toBe('unprojected');
    await project(held.wf, 1);
    await scene.pass(PUT_OFF_MS);
    expect(await retire(await read(held.wf))).toBe('unprojected');
    await project(held.wf);
    await scene.pass(PUT_OFF_MS);
    expect(await retire(await read(held.wf))).toBe('ok');
  });

  it('G1: keeps one of which its keeper has not read everything, or another end', async () => {
    const { wf } = await finished();
    const item = await read(wf);
    expect(await retire({ ...item, version: item.version - 1 })).toBe('changed');
    await scene.pass(PUT_OFF_MS);
    expect(await retire(item)).toBe('changed');
    await scene.pass(PUT_OFF_MS);
    expect(await retire(await read(wf))).toBe('ok');
    expect(await retire(item)).toBe('gone');
  });

  it('S10: leaves a workflow of a newer layout alone', async () => {
    const { wf } = await finished();
    await scene.redis.hset(scene.partitions.head(wf), 'layout', 9);
    expect(await retire(await read(wf))).toBe('newer');
  });

  it('decides each of many by itself, whatever they have left behind', async () => {
    const ended: Retirement[] = [];
    for (let i = 0; i < 20; i += 1) {
      const { wf } = await finished();
      const timers = Array.from({ length: MANY }, (_, op) => ({ task: 'r.1' as TaskId, op }));
      ended.push(await read(wf, i % 2 === 0 ? { timers } : { version: 1 }));
    }
    ended.push(await read(randomWorkflowId()));
    const replies = await scene.store.retire(0, TIMES, ended);
    expect(replies).toEqual([...ended.slice(1).map((_, i) => (i % 2 ? 'changed' : 'ok')), 'gone']);
    expect(await scene.redis.zcard(scene.partitions.workflows(0))).toBe(10);
  });
});
