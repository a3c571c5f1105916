import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Stage } from '../processes/stage.js';
import { faultsOf } from './judge.js';
import { Lane, type Run } from './lane.js';
import { Outside } from './outside.js';
import { type Moment, nameOf, Points } from './point.js';

/** Jobs that run side by side, each in processes of its own. */
const LANES = 4;
const WITHIN_MS = 600_000;

let stage: Stage;
let outside: Outside;
let lanes: Lane[];
let undisturbed: Run;

beforeAll(async () => {
  stage = await Stage.set({}, join(import.meta.dirname, 'team'));
  outside = await Outside.start(stage);
  await stage.supervisor();
  lanes = Array.from({ length: LANES }, (_, n) => new Lane(`${n + 1}`, stage, outside));
  undisturbed = await lanes[0]!.run(null);
});
afterAll(async () => {
  await Promise.all(lanes.map((lane) => lane[Symbol.asyncDispose]()));
  await outside[Symbol.asyncDispose]();
  await stage[Symbol.asyncDispose]();
});

/** Runs the job once for each point. @returns what went wrong, as `<point>: <fault>` */
async function tried(moments: readonly Moment[]): Promise<string[]> {
  const points = new Points(moments);
  const faults: string[] = [];
  points.found(undisturbed.calls);
  const tryAll = async (lane: Lane): Promise<void> => {
    for (let point = points.next(); point; point = points.next()) {
      const run = await lane.run(point);
      points.found(run.calls);
      points.ended(point, run.wasReached);
      faults.push(...faultsOf(run, undisturbed).map((fault) => `${nameOf(point)}: ${fault}`));
    }
  };
  await Promise.all(lanes.map(tryAll));
  process.stderr.write(`${moments.join(', ')}: ${points.count} points\n`);
  return [...faults, ...points.missed.map((call) => `${call}: never reached`)];
}

describe('a job', () => {
  it('leaves what it must when nobody disturbs it', () => {
    expect(faultsOf(undisturbed, undisturbed)).toEqual([]);
    expect(undisturbed.outside.digest).toBe(outside.digestAfter);
    const outsideCalls = undisturbed.calls.filter((call) => call.includes(' POST '));
    expect(outsideCalls.sort()).toEqual([
      'clerk POST /bank/entries',
      'clerk POST /tools/get_order_details',
      'clerk POST /tools/get_user_details',
      'desk POST /tools/cancel_pending_order',
      'desk POST /tools/get_order_details',
    ]);
  });

  it(
    'G3 G4 G5 G6: ends the same when a worker is killed before or after any call that leaves it',
    async () => {
      expect(await tried(['killed before', 'killed after'])).toEqual([]);
    },
    WITHIN_MS,
  );

  it(
    'G3 G4 G5 G6: ends the same when the reply to any call of a worker is lost',
    async () => {
      expect(await tried(['reply lost'])).toEqual([]);
    },
    WITHIN_MS,
  );

  it('is found to be done twice where a rule is broken: a booking that is no effect', async () => {
    await using careless = new Lane('careless', stage, outside, 'careless-clerk');
    const whole = await careless.run(null);
    expect(faultsOf(whole, undisturbed)).toEqual([]);
    const call = 'clerk POST /bank/entries';
    const run = await careless.run({ moment: 'killed after', call, nth: 1 });
    expect(faultsOf(run, undisturbed)).toEqual(['2 bookings: doubled']);
  });
});
