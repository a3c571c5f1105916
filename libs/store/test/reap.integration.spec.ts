import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LEASE_MS, Scene, W1, W2 } from './support/scene.js';

describe('reap', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  const reap = (limit = 10, gone: readonly string[] = []) => scene.store.reap(0, limit, gone);

  it('leaves workers alone whose lease runs', async () => {
    const held = await scene.held();
    await scene.passLease(4999);
    expect(await reap()).toEqual({ taken: 0, removed: 0, more: false });
    expect(await scene.task(held.wf)).toMatchObject({ state: 'running' });
  });

  it('G6 S5: takes back what a dead worker held, then forgets the worker', async () => {
    const held = await scene.held();
    await scene.passLease(5000);
    const [reply, again] = await scene.twice(() => reap());
    expect(reply).toEqual({ taken: 1, removed: 1, more: false });
    expect(again).toEqual({ taken: 0, removed: 0, more: false });
    expect(await scene.task(held.wf)).toMatchObject({ state: 'queued', dispatch: 2, crashes: 1 });
    expect(await scene.inbox()).toMatchObject([{ wf: held.wf, dispatch: 2, alone: false }]);
    expect(await scene.timers()).toEqual([]);
    expect(await scene.redis.zcard(scene.partitions.workers(0))).toBe(0);
  });

  it('takes a worker without connections at its word, long before its lease ends', async () => {
    await scene.held();
    const [reply] = await scene.twice(() => reap(10, [W1, 'nobody']));
    expect(reply).toEqual({ taken: 1, removed: 1, more: false });
  });

  it('S10: leaves a task of a newer layout with its worker, and takes back the others', async () => {
    const newer = await scene.held();
    const held = await scene.held();
    await scene.redis.hset(scene.partitions.head(newer.wf), 'layout', 2);
    await scene.passLease(5000);
    expect(await reap()).toEqual({ taken: 1, removed: 0, more: false });
    expect(await scene.task(held.wf)).toMatchObject({ state: 'queued' });
    expect(await scene.redis.zscore(scene.partitions.workers(0), W1)).not.toBeNull();
  });

  it('S5: keeps a worker in sight until it holds nothing, whatever the limit', async () => {
    await scene.alive(W1);
    for (let i = 0; i < 3; i += 1) {
      await scene.start();
      await scene.take();
    }
    await scene.passLease(5000);
    expect(await reap(2)).toEqual({ taken: 2, removed: 0, more: true });
    expect(await scene.redis.zscore(scene.partitions.workers(0), W1)).not.toBeNull();
    expect(await reap(2)).toEqual({ taken: 1, removed: 1, more: false });
  });

  it('S7: has leases end although the wall clock was set back', async () => {
    await scene.held();
    await scene.pass(-7_200_000);
    expect(await reap()).toMatchObject({ taken: 0 });
    await scene.passLease(LEASE_MS);
    expect(await reap()).toMatchObject({ taken: 1 });
  });

  it('S7: declares nobody dead because the wall clock jumped', async () => {
    await scene.held();
    await scene.pass(3_600_000);
    expect(await reap()).toMatchObject({ taken: 0 });
    await scene.pass(-7_200_000);
    expect(await reap()).toMatchObject({ taken: 0 });
  });

  it('holds a task alone after two crashes in a row, and parks it past its budget of further ones', async () => {
    const held = await scene.held();
    for (const crashes of [1, 2, 3]) {
      await reap(10, [W1]);
      expect(await scene.task(held.wf)).toMatchObject({ state: 'queued', crashes });
      expect(await scene.inbox()).toMatchObject([{ alone: crashes >= 2 }]);
      await scene.alive(W1);
      await scene.take();
    }
    await scene.twice(() => reap(10, [W1]));
    expect(await scene.task(held.wf)).toMatchObject({ state: 'parked' });
    expect(await scene.head(held.wf)).toMatchObject({ status: 'parked', parked: '1' });
    expect((await scene.types(held.wf)).slice(-2)).toEqual(['LeaseExpired', 'TaskParked']);
    const [letter] = await scene.letters();
    expect(letter!.meta).toMatchObject({
      ...{ reason: 'CrashBudgetExhausted', name: 'lookup', operation: null, attempts: 4 },
      error: [{ message: 'its process died 2 times while it held this task alone' }],
    });
    expect(await scene.inbox()).toEqual([]);
  });

  it('forgets the crashes of a task that has come through since', async () => {
    const held = await scene.held();
    await reap(10, [W1]);
    await scene.alive(W2);
    const again = await scene.take(W2);
    await again.suspend({ signals: ['approved'] });
    expect(await scene.task(held.wf)).toMatchObject({ crashes: 0 });
  });

  it('remembers for ten minutes whom it gave up', async () => {
    await scene.alive(W1);
    await reap(10, [W1]);
    await scene.passLease(599_000);
    await reap();
    expect(await scene.redis.zcard(scene.key('given-up'))).toBe(1);
    await scene.passLease(1000);
    await reap();
    expect(await scene.redis.exists(scene.key('given-up'))).toBe(0);
  });
});
