import { describe, expect, it } from '@jest/globals';
import { eventually } from '@lockstep/testing';
import { Patrol, type Round } from './patrol.js';

interface Walk {
  readonly visits: [number, number];
  readonly failures: [number, number];
}

/** Walks in two partitions until a condition holds, then ends. */
async function walked(round: Round, until: (walk: Walk) => boolean): Promise<Walk> {
  const walk: Walk = { visits: [0, 0], failures: [0, 0] };
  const counted: Round = (partition) => {
    walk.visits[partition as 0 | 1] += 1;
    return round(partition);
  };
  const failed = (partition: number): void => {
    walk.failures[partition as 0 | 1] += 1;
  };
  const patrol = new Patrol(2, counted, { turned: () => undefined, failed });
  patrol.start();
  await eventually(() => until(walk), { what: 'the visits that the test waits for' });
  await patrol.stop();
  return walk;
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a patrol', () => {
  it('visits every partition again and again', async () => {
    const round = (): Promise<number> => Promise.resolve(1);
    const { failures } = await walked(round, ({ visits }) => visits.every((count) => count > 3));
    expect(failures).toEqual([0, 0]);
  });

  it('G6: goes on in the others when one partition fails, and tries that one again', async () => {
    const round: Round = (partition) =>
      partition === 0 ? Promise.reject(new Error('no')) : Promise.resolve(1);
    const walk = await walked(round, ({ visits: [a, b] }) => a > 2 && b > 20);
    expect(walk.failures).toEqual([walk.visits[0], 0]);
  });

  it('G6: goes on in the others when one partition hangs', async () => {
    const hung = Promise.withResolvers<number>();
    const round: Round = (partition) => (partition === 0 ? hung.promise : Promise.resolve(1));
    const walk = await walked(round, ({ visits: [, b] }) => {
      if (b > 10) hung.resolve(60_000);
      return b > 10;
    });
    expect(walk.visits[0]).toBe(1);
  });

  it('comes back without a pause while there is more to do', async () => {
    const LEFT = 100;
    const round: Round = async () => {
      await tick();
      return 0;
    };
    const walk = await walked(round, ({ visits: [a] }) => a > LEFT);
    expect(walk.visits[0]).toBeGreaterThan(LEFT);
  });

  it('marks its progress also while it rests', async () => {
    let marks = 0;
    const count = (): void => {
      marks += 1;
    };
    const once: Round = () => Promise.resolve(60_000);
    const patrol = new Patrol(1, once, { turned: count, failed: count });
    patrol.start();
    await eventually(() => marks > 1, { what: 'a mark during the rest' });
    await patrol.stop();
  });
});
