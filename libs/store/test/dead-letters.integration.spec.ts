import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DeadLetterReader, Partitions, Store, type DeadLetter } from '../src/index.js';
import { Scene, startOf } from './support/scene.js';

describe('the dead letters of a role', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  it('are read newest first over all partitions, each tenant its own', async () => {
    const partitions = new Partitions(3);
    const store = new Store(scene.redis, partitions, scene.store.limits, 'lockstep_test');
    const written: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      const tenant = i % 3 === 0 ? 'other' : 'acme';
      const { wf } = startOf();
      if (tenant === 'acme') written.unshift(wf);
      const dead = partitions.dead(partitions.of(wf), 'orders');
      const letter = ['wf', wf, 'task', 'r', 'tenant', tenant, 'version', 3, 'at', 1, 'meta', '{}'];
      await scene.redis.xadd(dead, `${i + 1}-0`, ...letter);
    }
    const reader = new DeadLetterReader(scene.redis, store.partitions);
    const seen: DeadLetter[] = [];
    let before: string | null = null;
    do {
      const query = { role: 'orders', tenant: 'acme' };
      const page = await reader.list(query, { limit: 3, ...(before && { before }) });
      expect(page.letters.length).toBeLessThanOrEqual(3);
      seen.push(...page.letters);
      before = page.next;
    } while (before);
    expect(seen.map(({ wf }) => wf)).toEqual(written);
    expect(await reader.count('orders')).toBe(12);
    expect(seen[0]).toMatchObject({ role: 'orders', task: 'r', version: 3, atMs: 1 });
  });
});
