import { describe, expect, it } from '@jest/globals';
import { Places } from './places.js';

/** Whether a promise has settled once everything that can go on has gone on. */
async function hasSettled(promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(() => true);
  await new Promise((resolve) => setImmediate(resolve));
  return Promise.race([settled, Promise.resolve(false)]);
}

describe('the places of a process', () => {
  it('P1: are given to as many tasks as there are', async () => {
    const places = new Places(2);
    const giveBack = await places.take(false);
    await places.take(false);
    const third = places.take(false);
    expect(await hasSettled(third)).toBe(false);
    giveBack();
    expect(await hasSettled(third)).toBe(true);
    expect(places.taken).toBe(2);
  });

  it('P2: are all given to a task that must be alone, once nothing else is held', async () => {
    const places = new Places(3);
    const giveBack = await places.take(false);
    const alone = places.take(true);
    expect(await hasSettled(alone)).toBe(false);
    giveBack();
    expect(await hasSettled(alone)).toBe(true);
    expect([places.taken, await places.free(1)]).toEqual([3, 0]);
  });

  it('P3: are not given past a task that waits for all of them', async () => {
    const places = new Places(3);
    const giveBack = await places.take(false);
    const alone = places.take(true);
    const late = places.take(false);
    expect([await hasSettled(late), await places.free(1)]).toEqual([false, 0]);
    giveBack();
    (await alone)();
    expect(await hasSettled(late)).toBe(true);
  });

  it('P4: are read for no more by those that sit out, and taken all the same', async () => {
    const places = new Places(2);
    const up = [places.sitOut(), places.sitOut()];
    expect(await places.free(1)).toBe(0);
    const giveBack = await places.take(true);
    expect(places.taken).toBe(2);
    giveBack();
    up[0]!();
    expect(await places.free(1)).toBe(1);
  });

  it('tells how many are free as soon as one is', async () => {
    const places = new Places(2);
    const giveBack = await places.take(true);
    const free = places.free(60_000);
    giveBack();
    expect(await free).toBe(2);
  });
});
