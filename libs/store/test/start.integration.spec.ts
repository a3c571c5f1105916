import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LogReader, ROOT_TASK } from '../src/index.js';
import { INBOX, Scene, startOf } from './support/scene.js';

describe('start', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  it('G3: creates the workflow, its first events and its first delivery together', async () => {
    const given = startOf();
    expect(await scene.store.start(given)).toEqual({ reply: 'ok', version: 2 });
    expect(await scene.types(given.wf)).toEqual(['WorkflowStarted', 'TaskScheduled']);
    expect(await scene.inbox()).toMatchObject([
      { wf: given.wf, task: ROOT_TASK, dispatch: 1, born: 2, alone: false },
    ]);
    expect(await scene.head(given.wf)).toMatchObject({
      status: 'running',
      tenant: 'acme',
      open: '1',
      layout: '1',
    });
    expect(await scene.redis.zrange(scene.partitions.workflows(0), '0', '-1')).toEqual([given.wf]);
  });

  it('S12: answers a repeat as duplicate and changes nothing', async () => {
    const [, second] = await scene.startTwice(startOf());
    expect(second).toEqual({ reply: 'duplicate', version: 2, status: 'running' });
  });

  it('answers conflict when the id belongs to another request', async () => {
    const given = startOf();
    await scene.store.start(given);
    const [first] = await scene.startTwice({ ...given, digest: 'other' });
    expect(first).toEqual({ reply: 'conflict' });
    expect(await scene.inbox()).toHaveLength(1);
  });

  it('S9: keeps a body as it was sent, empty lists and large integers included', async () => {
    const given = startOf();
    await scene.store.start(given);
    const [, scheduled] = await new LogReader(scene.redis, scene.partitions).all(given.wf);
    expect(scheduled?.data).toBe(given.request);
  });

  it('delivers to the inbox of the major version that was asked for', async () => {
    await scene.store.start(startOf({ inbox: 'orders@2' }));
    expect(await scene.inbox(INBOX)).toEqual([]);
    expect(await scene.inbox('orders@2')).toHaveLength(1);
  });
});
