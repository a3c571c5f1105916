import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewEvent, TaskId, WorkflowId } from '@lockstep/kernel';
import { called, completed, event, failed, intended } from './support/events.js';
import { Scene, W1 } from './support/scene.js';

describe('resume', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  const REOPENED = (task: string, keepUpTo = 3): NewEvent => ({
    type: 'TaskReopened',
    task: task as TaskId,
    op: 0,
    meta: { keepUpTo, by: 'ann' },
    data: '',
  });
  const resume = (wf: WorkflowId, seen: number, tasks: readonly string[], id = 'd1') =>
    scene.store.resume(
      wf,
      id,
      seen,
      tasks.map((task) => REOPENED(task)),
    );
  const failing = async () => {
    const root = await scene.held();
    await root.call(1);
    await root.suspend({ any: [1] });
    const child = await scene.take();
    await child.fail();
    return { wf: root.wf, root: await scene.take() };
  };

  it('sends a parked task to its role again, and takes its dead letter away', async () => {
    const root = await scene.held();
    await root.park();
    const [reply, again] = await scene.twice(() => resume(root.wf, 4, ['r']));
    expect(reply).toEqual({ reply: 'ok', version: 5, status: 'running' });
    expect(again).toEqual({ reply: 'duplicate', version: 5, status: 'running' });
    expect(await scene.inbox()).toMatchObject([{ wf: root.wf, dispatch: 2 }]);
    expect(await scene.letters()).toEqual([]);
    expect(await scene.head(root.wf)).toMatchObject({ parked: '0', open: '1' });
  });

  it('G6: a completed workflow stays so while a call that it no longer wants waits for a person', async () => {
    const root = await scene.held();
    await root.call(1);
    const call = await scene.take();
    await call.append([intended(call.task)]);
    const unwanted = event(root.task, 'CallCancelled', { reason: 'no' }, 1);
    await root.again([{ ...unwanted, cancel: call.task }], undefined, 2);
    await root.again([completed(root.task)], { as: 'completed' }, 3);
    await (await scene.take(W1, 1, root.wf)).park();
    const left = { status: 'completed', open: '1' };
    expect(await scene.head(root.wf)).toMatchObject({ ...left, parked: '1' });
    const { version } = await scene.head(root.wf);
    const [reply] = await scene.twice(() => resume(root.wf, Number(version), [call.task]));
    expect(reply).toMatchObject({ reply: 'ok', status: 'completed' });
    expect(await scene.head(root.wf)).toMatchObject({ ...left, parked: '0' });
    await (await scene.take(W1, 1, root.wf)).append([], { as: 'cancelled' });
    expect(await scene.head(root.wf)).toMatchObject({ status: 'completed', open: '0' });
  });

  it('redrives a failed leaf together with all that it failed', async () => {
    const { wf, root } = await failing();
    await root.fail();
    const [reply] = await scene.twice(() => resume(wf, 9, ['r.1', 'r']));
    expect(reply).toMatchObject({ reply: 'ok', status: 'running' });
    expect(await scene.head(wf)).toMatchObject({ parked: '0', open: '2' });
    expect((await scene.inbox()).map(({ task }) => task)).toEqual(['r.1', 'r']);
  });

  it('refuses to redrive a failure that was caught', async () => {
    const { wf } = await failing();
    const [reply] = await scene.twice(() => resume(wf, 8, ['r.1']));
    expect(reply).toEqual({ reply: 'conflict', what: 'r.1', found: 'caught' });
  });

  it('G6: takes a decision while other tasks go on: a busy log starves nobody', async () => {
    const root = await scene.held();
    await root.append([called(root.task, 1), called(root.task, 2)]);
    await (await scene.take()).park();
    const busy = await scene.take();
    await busy.step();
    await busy.step();
    expect(await resume(root.wf, 7, ['r.1'])).toMatchObject({ reply: 'ok', status: 'running' });
  });

  it('refuses a decision about a task to which something happened since the person looked', async () => {
    const root = await scene.held();
    await root.park();
    const [reply] = await scene.twice(() => resume(root.wf, 3, ['r']));
    expect(reply).toEqual({ reply: 'conflict', what: 'version', found: '4' });
  });

  it('refuses tasks that wait for nobody, and decides about all or none', async () => {
    const root = await scene.held();
    await root.call(1);
    await root.park();
    expect(await resume(root.wf, 5, ['r', 'r.1'])).toEqual({
      reply: 'conflict',
      what: 'r.1',
      found: 'queued',
    });
    expect(await resume(root.wf, 5, ['r.9'])).toMatchObject({ found: 'unknown' });
    expect(await scene.task(root.wf)).toMatchObject({ state: 'parked' });
    expect(await resume(await scene.unknown(), 1, ['r'])).toEqual({ reply: 'unknown' });
  });

  it('settles several effects of one task with one decision, and delivers it once', async () => {
    const root = await scene.held();
    await root.append([intended(root.task, 1), intended(root.task, 2)]);
    await root.park();
    const settled = [1, 2].map((op): NewEvent => ({
      type: 'EffectSettled',
      task: root.task,
      op,
      meta: { verdict: 'did-not-happen', by: 'ann' },
      data: '',
    }));
    const reply = await scene.store.resume(root.wf, 'd1', 6, settled);
    expect(reply).toEqual({ reply: 'ok', version: 8, status: 'running' });
    expect(await scene.inbox()).toHaveLength(1);
    expect(await scene.head(root.wf)).toMatchObject({ parked: '0', open: '1' });
  });

  it('a workflow waits on while another of its tasks is parked', async () => {
    const root = await scene.held();
    await root.append([called(root.task, 1), called(root.task, 2)]);
    for (const task of ['r.1', 'r.2']) {
      const child = await scene.take();
      expect(child.task).toBe(task);
      await child.park();
    }
    expect(await resume(root.wf, 9, ['r.1'], 'd1')).toMatchObject({ status: 'parked' });
    expect(await resume(root.wf, 10, ['r.2'], 'd2')).toMatchObject({ status: 'running' });
  });

  it('does not revive a failed task of a workflow that is being cancelled', async () => {
    const root = await scene.held();
    await root.append([called(root.task, 1)]);
    const child = await scene.take();
    await child.append([intended(child.task)]);
    await root.append([failed(root.task)], { as: 'failed' });
    await scene.cancel(root.wf);
    const { version } = await scene.head(root.wf);
    expect(await resume(root.wf, Number(version), ['r'])).toMatchObject({ found: 'failed' });
  });

  it('a settling task that was parked goes on settling', async () => {
    const root = await scene.held();
    await root.append([intended(root.task)]);
    await scene.cancel(root.wf);
    await (await scene.take()).park();
    const { version } = await scene.head(root.wf);
    const reply = await resume(root.wf, Number(version), ['r']);
    expect(reply).toMatchObject({ reply: 'ok', status: 'cancelling' });
    expect(await scene.task(root.wf)).toMatchObject({ state: 'queued', mode: 'settle' });
  });
});
