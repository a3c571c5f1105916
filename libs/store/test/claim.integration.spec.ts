import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaimId } from '@lockstep/kernel';
import { NewerLayout } from '../src/index.js';
import { ATTEMPT_MS, INBOX, Scene, W1, W2 } from './support/scene.js';

describe('claim', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  it('G3: records the claim, sets the deadline of the attempt and removes the message together', async () => {
    const held = await scene.held();
    expect(await scene.task(held.wf)).toMatchObject({
      state: 'running',
      epoch: 1,
      claim: held.claim,
      worker: W1,
      beat: 1,
    });
    expect(await scene.types(held.wf)).toEqual(['WorkflowStarted', 'TaskScheduled', 'TaskStarted']);
    expect(await scene.inbox()).toEqual([]);
    expect(await scene.holds(W1)).toEqual([`${held.wf} r`]);
    expect(await scene.timers()).toEqual([[`${held.wf} r !1`, ATTEMPT_MS]]);
  });

  it('S2: gives a repeat after a lost reply the same answer', async () => {
    await scene.alive(W1);
    await scene.start();
    const [message] = await scene.inbox();
    const [first, second] = await scene.twice(() => scene.claim(message!, W1, 'c1' as ClaimId));
    expect(first).toMatchObject({
      reply: 'ok',
      epoch: 1,
      version: 3,
      mode: 'run',
      tenant: 'acme',
      type: 'job',
      startedAt: 3,
    });
    expect(second).toEqual(first);
  });

  it('S4: lets one of two readers of a message have the task', async () => {
    await scene.alive(W1);
    await scene.alive(W2);
    await scene.start();
    const [message] = await scene.inbox();
    expect((await scene.claim(message!, W1)).reply).toBe('ok');
    const [late] = await scene.twice(() => scene.claim(message!, W2, 'c2' as ClaimId));
    expect(late).toEqual({ reply: 'taken' });
    expect(await scene.holds(W2)).toEqual([]);
  });

  it('S4: answers taken to a message of an earlier dispatch, and removes it', async () => {
    await scene.alive(W2);
    const held = await scene.held();
    await held.handBack();
    const [current] = await scene.inbox();
    const old = { ...current!, dispatch: 1 };
    const id = await scene.redis.xadd(scene.partitions.inbox(0, INBOX), '*', 'wf', held.wf);
    expect(await scene.claim({ ...old, id: id! }, W2)).toEqual({ reply: 'taken' });
    expect(await scene.inbox()).toEqual([current]);
    expect(await scene.task(held.wf)).toMatchObject({ state: 'queued', dispatch: 2 });
  });

  it('S5: answers unregistered to a worker that no reaper would visit', async () => {
    await scene.start();
    const [message] = await scene.inbox();
    const [reply] = await scene.twice(() => scene.claim(message!, W1, 'c1' as ClaimId));
    expect(reply).toEqual({ reply: 'unregistered' });
    expect(await scene.inbox()).toEqual([message]);
  });

  it('S10: leaves a workflow of a newer layout alone', async () => {
    await scene.alive(W1);
    const wf = await scene.start();
    await scene.redis.hset(scene.partitions.head(wf), 'layout', 2);
    const [message] = await scene.inbox();
    await expect(scene.claim(message!)).rejects.toThrow(NewerLayout);
    expect(await scene.inbox()).toEqual([message]);
    expect(await scene.types(wf)).toHaveLength(2);
  });
});
