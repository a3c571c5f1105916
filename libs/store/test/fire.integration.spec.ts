import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { event } from './support/events.js';
import { ATTEMPT_MS, Scene, W1 } from './support/scene.js';

/** What a jump of the wall clock moves the lease clock by, at most. */
const JUMP_MS = 2000;

describe('fire', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  const fire = (limit = 10) => scene.store.fire(0, limit);

  const sleeping = async (delayMs: number) => {
    const root = await scene.held();
    await root.append([{ ...event(root.task, 'TimerSet', { delayMs }, 1), timerMs: delayMs }]);
    await root.suspend({ any: [1] });
    return root;
  };

  it('says when the next timer is due', async () => {
    expect(await fire()).toEqual({ fired: 0, more: false, nextInMs: null, lateMs: 0 });
    await sleeping(500);
    await scene.pass(100);
    expect(await fire()).toEqual({ fired: 0, more: false, nextInMs: 400, lateMs: 0 });
  });

  it('G3: records that a timer fired, and delivers the task that slept', async () => {
    const { wf } = await sleeping(500);
    await scene.pass(500);
    const [reply, again] = await scene.twice(() => fire());
    expect(reply).toEqual({ fired: 1, more: false, nextInMs: null, lateMs: 0 });
    expect(again).toEqual({ fired: 0, more: false, nextInMs: null, lateMs: 0 });
    expect((await scene.types(wf)).at(-1)).toBe('TimerFired');
    expect(await scene.inbox()).toMatchObject([{ wf, dispatch: 2 }]);
  });

  it('says how late the first of them was', async () => {
    await sleeping(500);
    await sleeping(700);
    await scene.pass(750);
    expect(await fire()).toMatchObject({ fired: 2, lateMs: 250 });
  });

  it('S10: leaves a workflow of a newer layout alone, and fires the others', async () => {
    const newer = await sleeping(500);
    const { wf } = await sleeping(500);
    await scene.redis.hset(scene.partitions.head(newer.wf), 'layout', 2);
    await scene.pass(500);
    expect(await fire()).toMatchObject({ more: false, nextInMs: 1000 });
    expect((await scene.types(wf)).at(-1)).toBe('TimerFired');
    expect((await scene.types(newer.wf)).at(-1)).toBe('TaskSuspended');
    expect(await scene.timers()).toHaveLength(1);
  });

  it('fires no more than asked for, and says that there is more', async () => {
    await sleeping(500);
    await sleeping(500);
    await scene.pass(500);
    expect(await fire(1)).toEqual({ fired: 1, more: true, nextInMs: 0, lateMs: 0 });
    expect(await fire(1)).toEqual({ fired: 1, more: false, nextInMs: null, lateMs: 0 });
  });

  it('drops the timer of a task that has ended', async () => {
    const root = await scene.held();
    await root.append([{ ...event(root.task, 'TimerSet', { delayMs: 5 }, 1), timerMs: 5 }]);
    await root.complete();
    await scene.pass(5);
    expect(await fire()).toMatchObject({ fired: 1 });
    expect((await scene.types(root.wf)).at(-1)).toBe('TaskCompleted');
    expect(await scene.timers()).toEqual([]);
  });

  it('G2: takes the claim from an attempt past its deadline, whose process lives', async () => {
    const held = await scene.held();
    await scene.passLease(ATTEMPT_MS);
    await scene.twice(() => fire());
    expect((await scene.types(held.wf)).at(-1)).toBe('AttemptTimedOut');
    expect(await scene.task(held.wf)).toMatchObject({ state: 'queued', dispatch: 2, crashes: 1 });
    expect(await scene.holds(W1)).toEqual([]);
    expect(await held.step()).toEqual({ reply: 'fenced' });
  });

  it('S7: puts a deadline off that the wall clock has come to by a jump, by the time that is left', async () => {
    const held = await scene.held();
    await scene.passLease(10_000);
    await scene.pass(3_600_000);
    await scene.alive(W1);
    const left = ATTEMPT_MS - 10_000 - JUMP_MS;
    const [reply] = await scene.twice(() => fire());
    expect(reply).toMatchObject({ fired: 1, more: false, nextInMs: left });
    expect(await scene.task(held.wf)).toMatchObject({ state: 'running', crashes: 0 });
    await scene.passLease(left - 1);
    expect(await fire()).toEqual({ fired: 0, more: false, nextInMs: 1, lateMs: 0 });
    await scene.passLease(1);
    await fire();
    expect((await scene.types(held.wf)).at(-1)).toBe('AttemptTimedOut');
  });

  it('S7: gives an attempt its time that began after the wall clock had jumped', async () => {
    await scene.alive(W1);
    await scene.pass(3_600_000);
    await scene.start();
    const held = await scene.take();
    expect(await scene.task(held.wf)).toMatchObject({ deadline: JUMP_MS + ATTEMPT_MS });
  });

  it('bounds how often an attempt may run past its deadline', async () => {
    const { wf } = await scene.held();
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await scene.passLease(ATTEMPT_MS);
      await fire();
      if (attempt < 4) await scene.take();
    }
    expect(await scene.task(wf)).toMatchObject({ state: 'parked' });
    expect(await scene.letters()).toHaveLength(1);
  });
});
