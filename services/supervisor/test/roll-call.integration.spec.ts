import { describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { RollCall } from '../src/workers/roll-call.js';
import { Stage } from './stage.js';

jest.setTimeout(60_000);

const isChanged = async (roll: RollCall): Promise<boolean> =>
  !(await roll.isUnchanged(performance.now()));

describe('the roll of workers', () => {
  it('G6: is called again for whoever registers, whose connection is gone, or whose place another took', async () => {
    await using stage = await Stage.open();
    const roll = new RollCall(stage.redis, stage.partitions);
    const first = await stage.worker();
    expect(await isChanged(roll)).toBe(true);
    const { registered, connected } = await roll.call();
    expect([registered, connected]).toEqual([new Set([first.id]), new Set([first.id])]);
    expect(await isChanged(roll)).toBe(false);

    const second = await stage.worker();
    await eventually(() => isChanged(roll), { what: 'who is new is noticed' });
    await roll.call();
    expect(await isChanged(roll)).toBe(false);

    second.disconnect();
    await eventually(() => isChanged(roll), { what: 'the lost connection is noticed' });
    expect((await roll.call()).connected).toEqual(new Set([first.id]));
    expect(await isChanged(roll)).toBe(false);
  });

  it('G6: asks who is new by time, however seldom it is asked itself', async () => {
    await using stage = await Stage.open();
    const roll = new RollCall(stage.redis, stage.partitions);
    await roll.call();
    expect(await roll.isUnchanged(1000)).toBe(true);
    await stage.worker();
    expect(await roll.isUnchanged(1015)).toBe(true);
    expect(await roll.isUnchanged(1100)).toBe(false);
  });

  it('finds a worker that lost the connection which was known, and has another', async () => {
    await using stage = await Stage.open();
    const roll = new RollCall(stage.redis, stage.partitions);
    const worker = await stage.worker();
    await roll.call();
    using second = await connected(stage, worker.id);
    worker.disconnect();
    await eventually(() => isChanged(roll), { what: 'the lost connection is noticed' });
    expect((await roll.call()).connected).toEqual(new Set([worker.id]));
    expect(await isChanged(roll)).toBe(false);
    second[Symbol.dispose]();
    await eventually(() => isChanged(roll), { what: 'the other is noticed too' });
  });

  it('knows a connection by its name as well: after a restart its number is another’s', async () => {
    await using stage = await Stage.open();
    const roll = new RollCall(stage.redis, stage.partitions);
    const worker = await stage.worker();
    await roll.call();
    worker.disconnect();
    await stage.server.restart();
    const strangers = await Promise.all([1, 2, 3, 4].map((n) => connected(stage, `other-${n}`)));
    expect(await isChanged(roll)).toBe(true);
    for (const stranger of strangers) stranger[Symbol.dispose]();
  });
});

/** One more connection under the name of a worker. */
async function connected(stage: Stage, worker: string): Promise<Disposable> {
  const redis = new Redis(stage.server.url, { connectionName: `ls:${worker}` });
  await redis.ping();
  return {
    [Symbol.dispose]: () => {
      redis.disconnect();
    },
  };
}
