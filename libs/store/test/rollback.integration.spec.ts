import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventType, NewEvent, RecordedEvent, TaskId, WorkflowId } from '@lockstep/kernel';
import { LogReader, type StartPolicy } from '../src/index.js';
import { committed, intended } from './support/events.js';
import type { HeldByTest } from './support/held-by-test.js';
import { Scene, W1 } from './support/scene.js';

const AFTER: StartPolicy['after'] = {
  inbox: 'orders@1',
  scheduled: {
    ...{ role: 'orders', major: 1, name: 'tell', version: 3 },
    ...{ by: null, returnTo: { task: '~' as TaskId, op: 0 } },
  },
};

describe('rollback', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  const rollback = (wf: WorkflowId, to = 0, id = 'x1') =>
    scene.store.rollback({ wf, commandId: id, reason: 'wrong', by: 'ann', to });
  const events = (wf: WorkflowId): Promise<RecordedEvent[]> =>
    new LogReader(scene.redis, scene.partitions).all(wf);
  const scheduled = async (wf: WorkflowId): Promise<string[]> =>
    (await events(wf)).filter(({ type }) => type === 'TaskScheduled').map(({ task }) => task);
  const last = async (wf: WorkflowId): Promise<EventType> => (await scene.types(wf)).at(-1)!;

  /** A root that committed effects at versions 5, 7, …, and is held. */
  async function effects(count: number): Promise<HeldByTest> {
    const root = await scene.held();
    for (let op = 1; op <= count; op += 1)
      await root.append([intended(root.task, op), committed(root.task, op)]);
    return root;
  }

  it('S12: undoes one effect after the other, the newest first, and then ends', async () => {
    const { wf } = await effects(3);
    const [reply, again] = await scene.twice(() => rollback(wf));
    expect(reply).toMatchObject({ reply: 'ok', status: 'rolling-back' });
    expect(again).toMatchObject({ reply: 'duplicate' });
    for (const version of [9, 7, 5]) {
      const undo = await scene.take();
      expect(undo.task).toBe(`~${version}`);
      expect(await scene.inbox()).toEqual([]);
      await scene.twice(() => undo.complete());
    }
    expect(await scheduled(wf)).toEqual(['r', '~9', '~7', '~5']);
    expect(await last(wf)).toBe('WorkflowFailed');
    expect(await scene.head(wf)).toMatchObject({ status: 'failed', open: '0', committed: '0' });
    expect(await rollback(wf, 0, 'x2')).toEqual({ reply: 'ended', status: 'failed' });
  });

  it('G6: stays ended when a person sends on what was held before its last task was redriven', async () => {
    const { wf } = await effects(1);
    await rollback(wf);
    await (await scene.take()).park();
    await scene.store.park({ wf, commandId: 'p1', reason: 'look', by: 'ann' });
    const decide = async (id: string, type: 'TaskReopened' | 'WorkflowResumed', task: string) => {
      const meta = type === 'TaskReopened' ? { keepUpTo: 3, by: 'ann' } : { reason: '', by: 'ann' };
      const event = { type, task: task as TaskId, op: 0, meta, data: '' } as NewEvent;
      const { version } = await scene.head(wf);
      return scene.store.resume(wf, id, Number(version), [event]);
    };
    expect(await decide('d1', 'TaskReopened', '~5')).toMatchObject({ reply: 'ok' });
    await (await scene.take()).complete();
    expect(await scene.head(wf)).toMatchObject({ status: 'failed', open: '0' });
    expect(await decide('d2', 'WorkflowResumed', '')).toMatchObject({ status: 'failed' });
    expect(await scene.head(wf)).toMatchObject({ status: 'failed', open: '0', parked: '0' });
  });

  it('names the version of the effect, and asks the role that performed it', async () => {
    const { wf } = await effects(1);
    await rollback(wf);
    expect((await events(wf)).at(-1)).toMatchObject({
      ...{ type: 'TaskScheduled', task: '~5', data: '{"version":5}' },
      meta: { role: 'orders', major: 1, name: '$undo', returnTo: { task: '~', op: 5 } },
    });
    expect(await scene.inbox()).toMatchObject([{ task: '~5', name: '$undo' }]);
  });

  it('G5: waits until open effects are settled, and undoes those that turn out to have happened', async () => {
    const root = await effects(1);
    await root.append([intended(root.task, 2)]);
    expect(await rollback(root.wf)).toMatchObject({ status: 'rolling-back' });
    const settler = await scene.take();
    expect(settler.task).toBe('r');
    await settler.append([committed(root.task, 2)]);
    await settler.append([], { as: 'cancelled' });
    const newest = await scene.take();
    expect(newest.task).toBe('~9');
    await newest.complete();
    expect((await scene.take()).task).toBe('~5');
  });

  it('S1: undoes as well what the very append brings that releases the last task', async () => {
    const root = await effects(0);
    await root.append([intended(root.task, 1)]);
    await rollback(root.wf);
    const settler = await scene.take();
    await settler.append([committed(root.task, 1)], { as: 'cancelled' });
    expect(await scene.inbox()).toMatchObject([{ name: '$undo' }]);
  });

  it('lets stand what was committed up to a version', async () => {
    const { wf } = await effects(2);
    await rollback(wf, 5);
    const undo = await scene.take();
    expect(undo.task).toBe('~7');
    await undo.complete();
    expect(await scene.head(wf)).toMatchObject({ status: 'failed', committed: '1' });
  });

  it('lets stand what its own tasks do, and those that they call', async () => {
    const { wf } = await effects(1);
    await rollback(wf);
    const undo = await scene.take();
    await undo.append([intended(undo.task), committed(undo.task)]);
    await undo.call(2);
    const called = await scene.take();
    await called.append([intended(called.task), committed(called.task)]);
    await called.complete();
    await undo.complete();
    expect(await scene.head(wf)).toMatchObject({ status: 'failed', committed: '0' });
  });

  it('G6: waits for a person when an effect cannot be undone, and goes on behind it', async () => {
    const { wf } = await effects(2);
    await rollback(wf);
    await (await scene.take()).fail();
    expect(await scene.head(wf)).toMatchObject({ status: 'parked', parked: '1', committed: '2' });
    expect(await scene.inbox()).toEqual([]);
    const { version } = await scene.head(wf);
    const task = '~7' as TaskId;
    const reopened = { type: 'TaskReopened', task, op: 0, data: '' } as const;
    const decision = { ...reopened, meta: { keepUpTo: Number(version) - 1, by: 'ann' } };
    const [reply] = await scene.twice(() =>
      scene.store.resume(wf, 'd1', Number(version), [decision]),
    );
    expect(reply).toMatchObject({ reply: 'ok', status: 'rolling-back' });
    await (await scene.take()).complete();
    expect((await scene.take()).task).toBe('~5');
  });

  it('G3: begins in the append in which the root fails, with everything that is open', async () => {
    const root = await effects(1);
    await root.call(2);
    const [reply] = await scene.twice(() => root.failAndRollBack(0));
    expect(reply).toMatchObject({ reply: 'ok', released: true });
    expect((await scene.types(root.wf)).slice(-4)).toEqual([
      'TaskFailed',
      'RollbackStarted',
      'TaskCancelled',
      'TaskScheduled',
    ]);
    expect(await scene.letters()).toEqual([]);
    expect(await scene.head(root.wf)).toMatchObject({ status: 'rolling-back', open: '1' });
  });

  it('leaves no dead letter of a task that was parked in the same call', async () => {
    const root = await effects(1);
    await root.call(2);
    const child = await scene.take();
    await Promise.all([child.park(), root.failAndRollBack(0)]);
    expect(await scene.letters()).toEqual([]);
    expect(await scene.head(root.wf)).not.toHaveProperty(`dead:${child.task}`);
  });

  it('undoes nothing when the policy lets what was done stand', async () => {
    const root = await effects(1);
    await root.failAndRollBack(null);
    expect(await last(root.wf)).toBe('WorkflowFailed');
    expect(await scene.head(root.wf)).toMatchObject({ status: 'failed', committed: '1' });
  });

  it('runs the task that follows once, with the request and the cause', async () => {
    const wf = await scene.start({
      policy: { onFailure: 'compensate', escalate: null, after: AFTER },
    });
    await scene.alive(W1);
    await scene.take();
    await rollback(wf);
    expect((await events(wf)).at(-1)).toMatchObject({ type: 'TaskScheduled', task: '~after' });
    const request = JSON.parse((await events(wf)).at(-1)!.data) as object;
    expect(request).toMatchObject({
      request: { orderId: '#W1' },
      cause: { reason: 'wrong', by: 'ann' },
    });
    const after = await scene.take();
    await after.append([intended(after.task), committed(after.task)]);
    await after.complete();
    expect(await scene.head(wf)).toMatchObject({ status: 'failed', committed: '0' });
    expect((await scheduled(wf)).filter((task) => task === '~after')).toHaveLength(1);
  });

  it('of a cancelled workflow ends it as cancelled', async () => {
    const { wf } = await effects(1);
    const given = { wf, commandId: 'x1', reason: 'changed', by: 'ann', rollback: true };
    const [reply] = await scene.twice(() => scene.store.cancel(given));
    expect(reply).toMatchObject({ status: 'cancelling' });
    await (await scene.take()).complete();
    expect(await last(wf)).toBe('WorkflowCancelled');
  });

  it('answers unknown when there is no such workflow', async () => {
    expect(await rollback(await scene.unknown())).toEqual({ reply: 'unknown' });
  });
});

describe('park', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  const park = (wf: WorkflowId, id = 'p1') =>
    scene.store.park({ wf, commandId: id, reason: 'look first', by: 'ann' });
  const sendOn = async (wf: WorkflowId, id = 'r1') => {
    const { version } = await scene.head(wf);
    const event = { type: 'WorkflowResumed', task: '', op: 0, data: '' } as const;
    const meta = { reason: 'fine', by: 'ann' };
    return scene.store.resume(wf, id, Number(version), [{ ...event, meta }]);
  };

  it('S12: holds every open task, whoever runs it or wakes it, until a person sends them on', async () => {
    const root = await scene.held();
    await root.call(1);
    await root.call(2);
    const child = await scene.take();
    const [reply, again] = await scene.twice(() => park(root.wf));
    expect(reply).toMatchObject({ reply: 'ok', status: 'parked' });
    expect(again).toMatchObject({ reply: 'duplicate' });
    expect([await root.step(), await child.step()]).toEqual([
      { reply: 'fenced' },
      { reply: 'fenced' },
    ]);
    const [message] = await scene.inbox();
    expect(await scene.claim(message!)).toEqual({ reply: 'taken' });
    expect(await scene.signal(root.wf, 's1')).toMatchObject({ reply: 'ok' });
    expect(await scene.inbox()).toEqual([]);

    const [sent] = await scene.twice(() => sendOn(root.wf));
    expect(sent).toMatchObject({ reply: 'ok', status: 'running' });
    expect((await scene.inbox()).map(({ task }) => task)).toEqual(['r', 'r.1', 'r.2']);
  });

  it('leaves alone what waits for a person already', async () => {
    const root = await scene.held();
    await root.park();
    await park(root.wf);
    expect(await sendOn(root.wf)).toMatchObject({ reply: 'ok', status: 'parked' });
    expect(await scene.task(root.wf)).toMatchObject({ state: 'parked' });
  });

  it('can be rolled back while it is held', async () => {
    const root = await scene.held();
    await root.append([intended(root.task), committed(root.task)]);
    await park(root.wf);
    const given = { wf: root.wf, commandId: 'x', reason: 'wrong', by: 'ann', to: 0 };
    expect(await scene.store.rollback(given)).toMatchObject({ status: 'rolling-back' });
    expect(await sendOn(root.wf)).toMatchObject({ reply: 'conflict' });
  });

  it('sends nothing on that nobody held', async () => {
    const root = await scene.held();
    expect(await sendOn(root.wf)).toEqual({ reply: 'conflict', what: '-', found: 'not held' });
    await root.complete();
    expect(await park(root.wf)).toEqual({ reply: 'ended', status: 'completed' });
  });
});

describe('a policy with an escalation', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  const parked = async (to: 'alert' | 'compensate'): Promise<HeldByTest> => {
    const policy = { onFailure: 'park', escalate: { afterMs: 5000, to }, after: null } as const;
    await scene.alive(W1);
    await scene.start({ policy });
    const root = await scene.take(W1);
    await root.append([intended(root.task), committed(root.task)]);
    await root.park();
    return root;
  };
  const later = async (ms: number): Promise<void> => {
    await scene.pass(ms);
    await scene.twice(() => scene.store.fire(0, 100));
  };

  it('G6: tells of a workflow that waits for a person for too long, once', async () => {
    const { wf } = await parked('alert');
    await later(4999);
    expect(await scene.types(wf)).not.toContain('WorkflowEscalated');
    await later(1);
    await later(60_000);
    const told = (await scene.types(wf)).filter((type) => type === 'WorkflowEscalated');
    expect(told).toHaveLength(1);
    expect(await scene.head(wf)).toMatchObject({ status: 'parked' });
  });

  it('rolls it back when that is what it says', async () => {
    const { wf } = await parked('compensate');
    await later(5000);
    expect((await scene.types(wf)).slice(-4)).toEqual([
      'WorkflowEscalated',
      'RollbackStarted',
      'TaskCancelled',
      'TaskScheduled',
    ]);
    expect(await scene.letters()).toEqual([]);
  });

  it('forgets it when the workflow goes on', async () => {
    const { wf } = await parked('compensate');
    const given = { wf, commandId: 'x', reason: 'done', by: 'ann', rollback: false };
    await scene.store.cancel(given);
    await later(5000);
    expect(await scene.types(wf)).not.toContain('WorkflowEscalated');
  });
});
