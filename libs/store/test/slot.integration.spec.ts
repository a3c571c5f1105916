import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import calculateSlot from 'cluster-key-slot';
import { isFullRun, seedOf } from '@lockstep/testing';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { Partitions, Store } from '../src/index.js';
import { History } from './slot/history.js';
import { LEDGER_KEY, OF_LEDGER } from './slot/moments/ledger.js';
import type { Moment } from './slot/moments/moment.js';
import { OF_PARTITION } from './slot/moments/partition.js';
import { OF_TARGET, TARGET_KEY } from './slot/moments/target.js';
import { MovingSlot } from './slot/moving-slot.js';
import { LIBRARY, Scene } from './support/scene.js';

/** Random sets of keys that have moved, beside those that are always tried. */
const RANDOM = isFullRun ? 500 : 6;
const SEED = seedOf('a moving slot');
const MASTERS = 3;
const LONG_MS = 3_600_000;

/** Nothing has moved, or everything; one key alone, or all but one; and sets at random. */
function placesOf(keys: readonly string[]): string[][] {
  const alone = keys.flatMap((one) => [[one], keys.filter((key) => key !== one)]);
  const random = fc.sample(fc.shuffledSubarray([...keys]), { numRuns: RANDOM, seed: SEED });
  const places = [[], [...keys], ...alone, ...random];
  return [...new Map(places.map((moved) => [[...moved].sort().join(), moved])).values()];
}

describe('while a slot moves', () => {
  let scene: Scene;
  let slot: MovingSlot;
  let store: Store;
  beforeAll(async () => {
    [scene, slot] = await Promise.all([Scene.open(), MovingSlot.open()]);
    const { partitions, limits } = scene.store;
    store = new Store(slot.client as unknown as Redis, partitions, limits, LIBRARY);
  });
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
    await slot[Symbol.asyncDispose]();
  });
  beforeEach(() => scene.clear());

  const check = async (moment: Moment, key: string): Promise<void> => {
    await slot.choose(key);
    const history = await History.of(scene, moment);
    await slot.load(history.library);
    for (const moved of placesOf(history.keys))
      await history.checkWith(moved, slot, store).catch((cause: unknown) => {
        throw new Error(`with ${moved.join(', ')} moved: ${String(cause)}`, { cause });
      });
  };
  const named = (moments: readonly Moment[]) => moments.map((each) => [each.name, each] as const);

  it.each(named(OF_PARTITION))(
    'S1: does everything or nothing, and goes on afterwards: %s',
    (_, moment) => check(moment, scene.key('feed')),
    LONG_MS,
  );

  it.each(named(OF_LEDGER))(
    'S1: does everything or nothing, and goes on afterwards: %s',
    (_, moment) => check(moment, LEDGER_KEY),
    LONG_MS,
  );

  it.each(named(OF_TARGET))(
    'S1: does everything or nothing, and goes on afterwards: %s',
    (_, moment) => check(moment, TARGET_KEY),
    LONG_MS,
  );

  it.each([3, 8, 16, 64])('%p partitions are spread evenly over three masters', async (count) => {
    const partitions = new Partitions(count);
    const feeds = partitions.tags.map((_, partition) => calculateSlot(partitions.feed(partition)));
    const owners = await Promise.all(feeds.map((each) => slot.ownerOf(each)));
    const owned = Array.from({ length: MASTERS }, (_, at) => owners.filter((o) => o === at).length);
    expect(Math.max(...owned) - Math.min(...owned)).toBeLessThanOrEqual(1);
  });
});
