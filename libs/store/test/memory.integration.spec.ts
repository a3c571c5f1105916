import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { committed, intended } from './support/events.js';
import { LEASE_MS, Scene, startOf, W1 } from './support/scene.js';

describe('when memory is short', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('refuses new work, and lets end what has begun', async () => {
    const held = await scene.held();
    await scene.start();
    const [waiting] = await scene.inbox();
    await scene.redis.config('SET', 'maxmemory', '1');

    await expect(scene.store.start(startOf())).rejects.toThrow('OOM');
    await expect(scene.claim(waiting!)).rejects.toThrow('OOM');
    await expect(scene.signal(held.wf, 's1')).rejects.toThrow('OOM');

    expect(await held.append([intended(held.task)])).toMatchObject({ reply: 'ok' });
    expect(await held.append([committed(held.task)])).toMatchObject({ reply: 'ok' });
    expect(await held.complete()).toMatchObject({ reply: 'ok' });
    await scene.store.heartbeat(0, W1, 2, LEASE_MS, []);
    expect(await scene.store.reap(0, 10, [W1])).toMatchObject({ removed: 1 });
    expect(await scene.cancel(waiting!.wf)).toMatchObject({
      reply: 'ok',
      status: 'cancelled',
    });
    await scene.redis.config('SET', 'maxmemory', '0');
  });
});
