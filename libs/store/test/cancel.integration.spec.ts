import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { committed, intended, notPerformed } from './support/events.js';
import { Scene } from './support/scene.js';

describe('cancel', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  it('S12: ends every open task and the workflow, when no effect is open, once', async () => {
    const root = await scene.held();
    await root.call(1);
    await root.suspend({ any: [1] });
    const [reply, again] = await scene.twice(() => scene.cancel(root.wf));
    expect(reply).toEqual({ reply: 'ok', version: 6, status: 'cancelled' });
    expect(again).toEqual({ reply: 'duplicate', version: 6, status: 'cancelled' });
    expect((await scene.types(root.wf)).slice(-4)).toEqual([
      'CancelRequested',
      'TaskCancelled',
      'TaskCancelled',
      'WorkflowCancelled',
    ]);
    expect(await scene.head(root.wf)).toMatchObject({ status: 'cancelled', open: '0' });
    expect(await scene.cancel(root.wf, 'x2')).toEqual({ reply: 'ended', status: 'cancelled' });
  });

  it('G2: fences who runs a task', async () => {
    const root = await scene.held();
    await scene.cancel(root.wf);
    expect(await root.step()).toEqual({ reply: 'fenced' });
    expect(await scene.timers()).toEqual([]);
  });

  it('G5: sends a task with an open effect back to its role, to settle that alone', async () => {
    const root = await scene.held();
    await root.append([intended(root.task)]);
    const [reply] = await scene.twice(() => scene.cancel(root.wf));
    expect(reply).toMatchObject({ reply: 'ok', status: 'cancelling' });
    expect(await root.step()).toEqual({ reply: 'fenced' });
    const [message] = await scene.inbox();
    expect(await scene.claim(message!)).toMatchObject({ reply: 'ok', mode: 'settle' });
  });

  it('ends cancelled when the open effect turns out not to have happened', async () => {
    const root = await scene.held();
    await root.append([intended(root.task)]);
    await scene.cancel(root.wf);
    const settler = await scene.take();
    await settler.append([notPerformed(root.task)], { as: 'cancelled' });
    expect(await scene.head(root.wf)).toMatchObject({ status: 'cancelled', open: '0' });
  });

  it('lets stand what was committed, when it is not to be undone', async () => {
    const root = await scene.held();
    await root.append([intended(root.task), committed(root.task)]);
    expect(await scene.cancel(root.wf)).toMatchObject({ status: 'cancelled' });
    expect((await scene.types(root.wf)).at(-1)).toBe('WorkflowCancelled');
  });

  it('cancels what was parked, and takes its dead letter away', async () => {
    const root = await scene.held();
    await root.park();
    expect(await scene.letters()).toHaveLength(1);
    const [reply] = await scene.twice(() => scene.cancel(root.wf));
    expect(reply).toMatchObject({ status: 'cancelled' });
    expect(await scene.letters()).toEqual([]);
  });

  it('answers ended when the workflow is completed, and unknown when there is none', async () => {
    const root = await scene.held();
    await root.complete();
    expect(await scene.cancel(root.wf)).toEqual({ reply: 'ended', status: 'completed' });
    expect(await scene.cancel(await scene.unknown())).toEqual({ reply: 'unknown' });
  });

  it('a message that was delivered before is taken', async () => {
    const root = await scene.held();
    await root.call(1);
    const [message] = await scene.inbox();
    expect(message?.task).toBe('r.1');
    await scene.cancel(root.wf);
    expect(await scene.claim(message!)).toEqual({ reply: 'taken' });
    expect(await scene.inbox()).toEqual([]);
  });
});
