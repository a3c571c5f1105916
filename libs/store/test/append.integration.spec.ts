import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaimId, TaskId } from '@lockstep/kernel';
import { LogReader } from '../src/index.js';
import { called, completed, event, failed, stepOf, suspended } from './support/events.js';
import { Scene, W1, W2 } from './support/scene.js';

describe('append', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  const child = 'r.1' as TaskId;

  it('G1: records events under the next versions, bodies untouched', async () => {
    const held = await scene.held();
    const body = '{"empty":[],"large":12345678901234567890}';
    const reply = await held.append([stepOf(held.task, 1, body), stepOf(held.task, 2, '[]')]);
    expect(reply).toEqual({ reply: 'ok', from: 4, to: 5, wokenAt: 2, released: false });
    const events = await new LogReader(scene.redis, scene.partitions).all(held.wf, 4);
    expect(events.map(({ version, data }) => [version, data])).toEqual([
      [4, body],
      [5, '[]'],
    ]);
  });

  it('S3 S12: answers a repeat with the versions it got', async () => {
    const held = await scene.held();
    const items = [stepOf(held.task, 1)];
    const [first, second] = await scene.twice(() => held.again(items, undefined, 1));
    expect(first).toMatchObject({ reply: 'ok', from: 4, to: 4 });
    expect(second).toMatchObject({ reply: 'duplicate', from: 4, to: 4, released: false });
  });

  it('S12: answers the repeat of a releasing append as released', async () => {
    const held = await scene.held();
    await scene.twice(() =>
      held.again([event(held.task, 'TaskReleased', { epoch: 1 })], { as: 'queued' }, 1),
    );
    const again = await held.again([], { as: 'queued' }, 1);
    expect(again).toMatchObject({ reply: 'duplicate', released: true });
    expect(await scene.inbox()).toHaveLength(1);
  });

  it('S3: answers rewound to any number but the next', async () => {
    const held = await scene.held();
    await held.step();
    const [gap] = await scene.twice(() => held.again([stepOf(held.task, 3)], undefined, 3));
    expect(gap).toEqual({ reply: 'rewound', number: 1 });
    expect(await held.again([stepOf(held.task, 1)], undefined, 0)).toMatchObject({
      reply: 'rewound',
    });
  });

  it('G2 S2: refuses an append under an older claim, however late', async () => {
    const old = await scene.held(W1);
    await old.step();
    await scene.alive(W2);
    await scene.passLease(6000);
    await scene.alive(W2);
    await scene.store.reap(0, 10, []);
    const now = await scene.take(W2);
    const [late] = await scene.twice(() => old.again([stepOf(old.task, 2)], undefined, 2));
    expect(late).toEqual({ reply: 'fenced' });
    expect(await old.again([stepOf(old.task, 1)], undefined, 1)).toEqual({ reply: 'fenced' });
    expect(await now.step()).toMatchObject({ reply: 'ok' });
  });

  it('G2: refuses an append that nobody claimed, or of a workflow that is not there', async () => {
    const wf = await scene.start();
    const stranger = scene.pretend(wf, 'x' as ClaimId);
    expect(await stranger.step()).toEqual({ reply: 'fenced' });
    expect(await scene.pretend(await scene.unknown(), 'x' as ClaimId).step()).toEqual({
      reply: 'fenced',
    });
  });

  it('G3: delivers a called task with the event that schedules it', async () => {
    const held = await scene.held();
    const [reply] = await scene.twice(() => held.again([called(held.task, 1)], undefined, 1));
    expect(reply).toMatchObject({ reply: 'ok', from: 4, to: 4 });
    expect(await scene.inbox()).toMatchObject([{ task: child, dispatch: 1, born: 4 }]);
    expect(await scene.head(held.wf)).toMatchObject({ tasks: '2', open: '2' });
    expect(await scene.task(held.wf, child)).toMatchObject({ returnTask: 'r', returnOp: 1 });
  });

  it('refuses tasks over the limit of a workflow, all or none', async () => {
    const held = await scene.held();
    const calls = (count: number) =>
      Array.from({ length: count }, (_, i) => called(held.task, i + 1));
    expect(await held.append(calls(7))).toMatchObject({ reply: 'ok' });
    const [over] = await scene.twice(() => held.again([called(held.task, 8)], undefined, 2));
    expect(over).toEqual({ reply: 'limit', tasks: 8 });
    expect(await scene.inbox()).toHaveLength(7);
    expect(await held.step()).toMatchObject({ reply: 'ok' });
  });

  it('wakes the caller with the end of what it waits for', async () => {
    const root = await scene.held();
    await root.call(1);
    await root.suspend({ any: [1] });
    expect(await scene.task(root.wf)).toMatchObject({ state: 'waiting' });
    const callee = await scene.take();
    const [done] = await scene.twice(() =>
      callee.again([completed(callee.task)], { as: 'completed' }, 1),
    );
    expect(done).toMatchObject({ reply: 'ok', released: true });
    expect(await scene.inbox()).toMatchObject([{ task: 'r', dispatch: 2 }]);
    expect(await scene.task(root.wf)).toMatchObject({ state: 'queued', wokenAt: 7 });
    expect(await scene.redis.exists(scene.key(`waits:${root.wf}:r`))).toBe(0);
  });

  it('wakes the caller of a fan-out once, when all of it has ended', async () => {
    const root = await scene.held();
    await root.append([1, 2, 3].map((op) => called(root.task, op)));
    await root.suspend({ all: [[1, 2, 3]] });
    for (const left of [2, 1, 0]) {
      await (await scene.take()).complete();
      const woken = (await scene.inbox()).filter(({ task }) => task === 'r');
      expect(woken).toHaveLength(left === 0 ? 1 : 0);
    }
  });

  it('wakes the caller at the first failure of a fan-out', async () => {
    const root = await scene.held();
    await root.append([1, 2].map((op) => called(root.task, op)));
    await root.suspend({ all: [[1, 2]] });
    await (await scene.take()).fail();
    expect(await scene.inbox()).toMatchObject([{ task: 'r.2' }, { task: 'r' }]);
  });

  it('S8: keeps a task that would sleep through what has already come', async () => {
    const root = await scene.held();
    await root.call(1);
    await (await scene.take()).complete();
    const waits = { as: 'suspended', waits: { any: [1], all: [], signals: [] } } as const;
    const items = [stepOf(root.task, 2), suspended(root.task, waits.waits)];
    const [awake, again] = await scene.twice(() => root.again(items, waits, 2));
    expect(awake).toMatchObject({ reply: 'ok', wokenAt: 6, released: false });
    expect(again).toMatchObject({ reply: 'duplicate', released: false });
    expect((await scene.types(root.wf)).at(-1)).toBe('StepCompleted');
    root.number = 2;
    root.readUpTo = 7;
    expect(await root.suspend({ any: [2] })).toMatchObject({ released: true });
  });

  it('S8: keeps a task that would wait for a signal which is there', async () => {
    const root = await scene.held();
    await scene.signal(root.wf, 's1');
    expect(await root.suspend({ signals: ['approved'] })).toMatchObject({ released: false });
    root.readUpTo = 4;
    expect(await root.suspend({ signals: ['approved'] })).toMatchObject({ released: true });
  });

  it('refuses a write of the shared state that lost a race, and all that came with it', async () => {
    const root = await scene.held();
    const write = (expected: number | null) => ({
      ...event(root.task, 'StateChanged', { fields: ['total'] }, 1, '{"total":1}'),
      fields: [{ name: 'total', expected }],
    });
    expect(await root.append([write(0)])).toMatchObject({ reply: 'ok', from: 4 });
    const [lost] = await scene.twice(() => root.again([write(0)], undefined, 2));
    expect(lost).toEqual({ reply: 'conflict', what: 'total', version: 4 });
    expect(await root.append([write(4)])).toMatchObject({ reply: 'ok', from: 5 });
    expect(await root.append([write(null)])).toMatchObject({ reply: 'ok', from: 6 });
  });

  it('lets a signal be taken once', async () => {
    const root = await scene.held();
    await scene.signal(root.wf, 's1');
    const take = {
      ...event(root.task, 'SignalTaken', { name: 'approved', signal: 4, version: 1 }, 1),
      take: { name: 'approved', version: 4 },
    };
    expect(await root.append([take])).toMatchObject({ reply: 'ok' });
    const [again] = await scene.twice(() => root.again([take], undefined, 2));
    expect(again).toEqual({ reply: 'conflict', what: 'approved', version: 4 });
  });

  it('sets and removes timers of operations', async () => {
    const root = await scene.held();
    const set = { ...event(root.task, 'TimerSet', { delayMs: 500 }, 1), timerMs: 500 };
    await root.append([set]);
    expect(await scene.timers()).toContainEqual([`${root.wf} r 1`, 500]);
    await scene.store.append({ ...root.next([stepOf(root.task, 2)]), untimers: [1] });
    expect(await scene.timers()).toEqual([[`${root.wf} r !1`, 30_000]]);
  });

  it('ends the workflow with its root', async () => {
    const root = await scene.held();
    const [, again] = await scene.twice(() =>
      root.again([completed(root.task)], { as: 'completed' }, 1),
    );
    expect(again).toMatchObject({ reply: 'duplicate', released: true });
    expect(await scene.head(root.wf)).toMatchObject({ status: 'completed', open: '0' });
    expect(await scene.holds(W1)).toEqual([]);
    expect(await scene.timers()).toEqual([]);
  });

  it('G6: parks a workflow whose root failed, with a dead letter', async () => {
    const root = await scene.held();
    const dead = { role: 'orders', task: root.task, meta: { reason: 'Uncaught' } };
    const failing = { ...root.next([failed(root.task)]), release: { as: 'failed' }, dead } as const;
    await scene.twice(() => scene.store.append(failing));
    expect(await scene.head(root.wf)).toMatchObject({ status: 'parked', parked: '1', open: '0' });
    expect(await scene.letters()).toMatchObject([{ wf: root.wf, task: 'r', tenant: 'acme' }]);
  });

  it('a task that hands off leaves its caller to the next', async () => {
    const root = await scene.held();
    await root.append([called(root.task, 1, null)], { as: 'handed-off' });
    expect(await scene.head(root.wf)).toMatchObject({ status: 'running', open: '1' });
    await (await scene.take()).complete();
    expect(await scene.head(root.wf)).toMatchObject({ status: 'completed', open: '0' });
  });

  it('a clean hand-back counts no crash, and forgets none', async () => {
    const held = await scene.held();
    await scene.store.reap(0, 10, [W1]);
    await scene.alive(W2);
    await (await scene.take(W2)).handBack();
    expect(await scene.task(held.wf)).toMatchObject({ state: 'queued', crashes: 1, dispatch: 3 });
  });

  it('G6: ends a call that waits for a person, with its letter, and nothing waits any more', async () => {
    const root = await scene.held();
    await root.call(1);
    await (await scene.take()).park();
    expect(await scene.head(root.wf)).toMatchObject({ status: 'parked', parked: '1' });
    const unwanted = event(root.task, 'CallCancelled', { reason: 'no' }, 1);
    await scene.twice(() => root.again([{ ...unwanted, cancel: child }], undefined, 2));
    expect(await scene.task(root.wf, child)).toMatchObject({ state: 'cancelled' });
    expect(await scene.head(root.wf)).toMatchObject({ status: 'running', parked: '0', open: '1' });
    expect(await scene.letters()).toEqual([]);
  });
});
