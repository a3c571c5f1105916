import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkflowLimits } from '@lockstep/contracts';
import type { NewEvent, WorkflowId } from '@lockstep/kernel';
import { EndedReader, type ReachedLimits } from '../src/index.js';
import { called, FAILURE } from './support/events.js';
import type { HeldByTest } from './support/held-by-test.js';
import { Scene, startOf, W1 } from './support/scene.js';

describe('the limits of a workflow', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  /** Its root is held by a worker. */
  const begin = async (limits: WorkflowLimits): Promise<HeldByTest> => {
    await scene.alive(W1);
    await scene.start({ limits });
    return scene.take();
  };

  const holdPast = async (wf: WorkflowId, limits: ReachedLimits): Promise<string> => {
    const [{ reply }] = await scene.twice(() => scene.store.holdPastLimits(wf, limits, FAILURE));
    return reply;
  };

  const resume = async (wf: WorkflowId): Promise<void> => {
    const { version } = await scene.head(wf);
    const meta = { reason: 'fine', by: 'ann' };
    const event: NewEvent = { type: 'WorkflowResumed', task: '', op: 0, meta, data: '' };
    const send = () => scene.store.resume(wf, 'go on', Number(version), [event]);
    expect((await scene.twice(send))[0]).toMatchObject({ reply: 'ok', status: 'running' });
  };

  it('S12: are kept with its start, and its time begins', async () => {
    const [first] = await scene.startTwice(startOf({ limits: { tasks: 5, wallClockMs: 700 } }));
    expect(first).toMatchObject({ reply: 'ok' });
    const [message] = await scene.inbox();
    await scene.alive(W1);
    expect(await scene.claim(message!)).toMatchObject({ limits: { tasks: 5, events: null } });
    expect(await scene.timers()).toContainEqual([`${message!.wf} - limit`, 700]);
  });

  it('are none of a workflow that has none', async () => {
    const { wf } = await scene.held();
    expect(await scene.head(wf)).not.toHaveProperty('limits');
    expect(await holdPast(wf, { tasks: null, events: null })).toBe('ended');
  });

  it('of tasks refuse the one behind, and nothing of that append is recorded', async () => {
    const root = await begin({ tasks: 2 });
    await root.call(1);
    const append = { ...root.next([called(root.task, 2)]), tasksLimit: 2 };
    const refused = () => scene.store.append(append);
    expect((await scene.twice(refused))[0]).toEqual({ reply: 'limit', tasks: 2 });
  });

  it('hold the whole workflow once, and fence whoever works for it', async () => {
    const root = await begin({ tasks: 2 });
    expect(await holdPast(root.wf, { tasks: 2, events: null })).toBe('ok');
    expect(await scene.head(root.wf)).toMatchObject({ status: 'parked' });
    expect(await root.step()).toEqual({ reply: 'fenced' });
  });

  it('grant as much again to one that a person sends on, and an old refusal holds it no more', async () => {
    const root = await begin({ tasks: 2, events: 10, wallClockMs: 700 });
    await holdPast(root.wf, { tasks: 2, events: 10 });
    await scene.pass(400);
    const { version } = await scene.head(root.wf);
    await resume(root.wf);
    const { limits } = await scene.head(root.wf);
    expect(limits).toBe(`3 ${Number(version) + 1 + 10}`);
    expect(await scene.timers()).toContainEqual([`${root.wf} - limit`, 700]);
    const late = await scene.store.holdPastLimits(root.wf, { tasks: 9, events: 9 }, FAILURE);
    expect(late).toMatchObject({ reply: 'ended' });
  });

  it('of time hold it when it is over', async () => {
    const { wf } = await begin({ wallClockMs: 700 });
    await scene.pass(699);
    expect(await scene.store.fire(0, 10)).toMatchObject({ fired: 0 });
    await scene.pass(1);
    await scene.twice(() => scene.store.fire(0, 10));
    expect(await scene.head(wf)).toMatchObject({ status: 'parked' });
    expect((await scene.types(wf)).at(-1)).toBe('WorkflowParked');
  });

  it('of time leave alone what waits for a person, has ended, or is being ended', async () => {
    const [parked, ended] = [await begin({ wallClockMs: 700 }), await begin({ wallClockMs: 700 })];
    await scene.store.park({ wf: parked.wf, commandId: 'p', reason: 'look', by: 'ann' });
    await ended.complete();
    await scene.pass(700);
    await scene.store.fire(0, 10);
    const parks = (await scene.types(parked.wf)).filter((type) => type === 'WorkflowParked');
    expect(parks).toHaveLength(1);
    expect((await scene.types(ended.wf)).at(-1)).toBe('TaskCompleted');
  });

  it('are gone when the workflow is being ended', async () => {
    const { wf } = await begin({ tasks: 2 });
    const end = { wf, commandId: 'c', reason: 'no', by: 'ann', rollback: false };
    await scene.store.cancel(end);
    expect(await scene.head(wf)).not.toHaveProperty('limits');
    expect(await holdPast(wf, { tasks: 2, events: null })).toBe('ended');
  });

  it('leave no timer behind when the workflow is retired', async () => {
    const root = await begin({ wallClockMs: 700_000 });
    await root.complete();
    await scene.store.lease(0, 'views', 'p1', 600_000);
    const { version, status } = await scene.head(root.wf);
    const view = { wf: root.wf, version: Number(version), status: status!, tenant: 'acme' };
    const rest = { type: 'job', startedAtMs: 1, digest: 'e', body: '{}' };
    await scene.store.project(0, 'views', 'p1', 1, '1-0', [{ ...view, ...rest }]);
    await scene.pass(10);
    const [item] = await new EndedReader(scene.redis, scene.partitions).due(0, 0, 1);
    const retirement = { ...item!, version: Number(version), result: null, timers: [] };
    const times = { keepMs: 5, tombstoneMs: 0, putOffMs: 5 };
    expect(await scene.store.retire(0, times, [retirement])).toEqual(['ok']);
    expect(await scene.timers()).toEqual([]);
  });
});
