import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Scene } from './support/scene.js';

describe('signal', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  it('S12: keeps a signal that comes before anybody waits for it, once', async () => {
    const wf = await scene.start();
    const [first, again] = await scene.twice(() => scene.signal(wf, 's1'));
    expect(first).toEqual({ reply: 'ok', version: 3 });
    expect(again).toEqual({ reply: 'duplicate', version: 3 });
    expect((await scene.types(wf)).at(-1)).toBe('SignalReceived');
    expect(await scene.inbox()).toHaveLength(1);
  });

  it('wakes the task that waits for its name, once', async () => {
    const root = await scene.held();
    await root.suspend({ signals: ['approved', 'refused'] });
    await scene.signal(root.wf, 's0', 'other');
    expect(await scene.inbox()).toEqual([]);
    await scene.signal(root.wf, 's1');
    await scene.signal(root.wf, 's2');
    await scene.signal(root.wf, 's3', 'refused');
    expect(await scene.inbox()).toMatchObject([{ wf: root.wf, dispatch: 2 }]);
    expect(await scene.task(root.wf)).toMatchObject({ state: 'queued' });
  });

  it('an id of a sender is not an id of a command', async () => {
    const root = await scene.held();
    await scene.signal(root.wf, 'one');
    expect(await scene.cancel(root.wf)).toMatchObject({
      reply: 'ok',
    });
  });

  it('answers ended once the workflow has ended, and unknown when there is none', async () => {
    const root = await scene.held();
    await root.complete();
    const [late] = await scene.twice(() => scene.signal(root.wf, 's1'));
    expect(late).toEqual({ reply: 'ended', status: 'completed' });
    expect(await scene.signal(await scene.unknown(), 's1')).toEqual({ reply: 'unknown' });
  });
});
