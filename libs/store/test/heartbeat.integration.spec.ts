import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaimId } from '@lockstep/kernel';
import { INBOX, LEASE_MS, Scene, W1 } from './support/scene.js';

describe('heartbeat', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  const beat = (number: number, held: Parameters<Scene['store']['heartbeat']>[4] = []) =>
    scene.store.heartbeat(0, W1, number, LEASE_MS, held);

  it('S12: renews a worker, and once more changes nothing but the end of its lease', async () => {
    const [first, second] = await scene.twice(() => beat(1));
    expect(first).toEqual({ lost: [], woken: [], wronglyGivenUp: false, order: null });
    expect(second).toEqual(first);
    expect(await scene.redis.zscore(scene.partitions.workers(0), W1)).toBe(String(LEASE_MS));
  });

  it('agrees with a worker that lists what it holds', async () => {
    const held = await scene.held();
    const [reply] = await scene.twice(() => beat(2, [{ ...held.listed(), seen: 3 }]));
    expect(reply).toEqual({ lost: [], woken: [], wronglyGivenUp: false, order: null });
    expect(await scene.holds(W1)).toHaveLength(1);
  });

  it('tells a worker what it has lost', async () => {
    const held = await scene.held();
    const other = { ...held.listed(), claim: 'older' as ClaimId };
    expect((await beat(2, [other])).lost).toEqual([{ wf: held.wf, task: 'r' }]);
  });

  it('S8: tells a running task of what was addressed to it', async () => {
    const root = await scene.held();
    await root.call(1);
    await (await scene.take()).complete();
    const { woken } = await beat(2, [{ ...root.listed(), seen: 5 }]);
    expect(woken).toEqual([{ wf: root.wf, task: 'r', wokenAt: 6 }]);
    expect((await beat(3, [{ ...root.listed(), seen: 6 }])).woken).toEqual([]);
  });

  it('S6: takes back at once what a worker does not know of, without counting a crash', async () => {
    const held = await scene.held();
    await scene.twice(() => beat(2));
    expect(await scene.task(held.wf)).toMatchObject({
      state: 'queued',
      dispatch: 2,
      crashes: 0,
    });
    expect((await scene.types(held.wf)).at(-1)).toBe('LeaseExpired');
    expect(await scene.inbox()).toHaveLength(1);
    expect(await scene.holds(W1)).toEqual([]);
  });

  it('S6: leaves a claim alone that was made at the same beat, or is on its way', async () => {
    const held = await scene.held();
    await beat(1);
    expect(await scene.task(held.wf)).toMatchObject({ state: 'running' });
    const onItsWay = { ...held.listed(), claim: null };
    expect((await beat(2, [onItsWay])).lost).toEqual([]);
    expect(await scene.task(held.wf)).toMatchObject({ state: 'running' });
  });

  it('S6: a late heartbeat takes nothing back that was claimed after it', async () => {
    await scene.alive(W1, 5);
    await scene.start();
    const held = await scene.take(W1, 5);
    await beat(4);
    expect(await scene.task(held.wf)).toMatchObject({ state: 'running' });
  });

  it('S5: forgets a worker at its last beat when it holds nothing', async () => {
    await scene.held();
    await scene.twice(() => scene.store.heartbeat(0, W1, 2, 0, []));
    expect(await scene.holds(W1)).toEqual([]);
    expect(await scene.redis.zscore(scene.partitions.workers(0), W1)).toBeNull();
  });

  it('S5: keeps a worker in sight at its last beat that still holds something', async () => {
    await scene.held();
    await scene.store.heartbeat(0, W1, 1, 0, []);
    expect(await scene.redis.zscore(scene.partitions.workers(0), W1)).toBe('0');
    expect(await scene.store.reap(0, 10, [])).toMatchObject({ taken: 1, removed: 1 });
  });

  it('tells the order that a person gave the worker, the first one alone', async () => {
    const [order, other] = [1, 2].map((atMs) => ({ by: 'ann', reason: 'a new machine', atMs }));
    expect(await scene.store.drain(0, W1, order!)).toEqual({ reply: 'unknown' });
    await beat(1);
    expect((await beat(2)).order).toBeNull();
    const [first] = await scene.twice(() => scene.store.drain(0, W1, order!));
    expect(first).toEqual({ reply: 'ok', order });
    expect(await scene.store.drain(0, W1, other!)).toEqual({ reply: 'duplicate', order });
    expect((await beat(3)).order).toEqual(order);
  });

  it('enlists a worker that was given up again, with the order that it follows', async () => {
    const about = { inbox: INBOX, order: { by: 'ann', reason: 'a new machine', atMs: 1 } };
    await beat(1);
    await scene.store.reap(0, 10, [W1]);
    expect(await scene.redis.hgetall(scene.partitions.crew(0))).toEqual({});
    await scene.twice(() => scene.store.heartbeat(0, W1, 2, LEASE_MS, [], about));
    expect(await scene.redis.hgetall(scene.partitions.crew(0))).toEqual({
      ...{ [W1]: `${INBOX} 1000000`, [`!${W1}`]: JSON.stringify(about.order) },
    });
  });

  it('counts a wrong guess once: a worker that was given up and speaks', async () => {
    await beat(1);
    await scene.store.reap(0, 10, [W1]);
    expect(await beat(2)).toMatchObject({ wronglyGivenUp: true });
    expect(await beat(3)).toMatchObject({ wronglyGivenUp: false });
  });
});
