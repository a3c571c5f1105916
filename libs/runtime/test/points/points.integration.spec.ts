import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isFullRun, seedOf } from '@lockstep/testing';
import { Stage } from '../processes/stage.js';
import { CANCELLING, CAST } from './job.js';
import { faultsOf } from './judge.js';
import { Lane, type Run } from './lane.js';
import { Outside } from './outside.js';
import type { Moment, Point } from './point.js';
import { tryAll } from './trial.js';

/** Jobs that run side by side, each in processes of its own. */
const LANES = 4;
const WITHIN_MS = 600_000;

const used = new AsyncDisposableStack();
let stage: Stage;
let outside: Outside;
let lanes: Lane[];
let undisturbed: Run;

beforeAll(async () => {
  stage = used.use(await Stage.set({}, join(import.meta.dirname, 'team')));
  outside = used.use(await Outside.start(stage));
  await stage.supervisor();
  lanes = Array.from({ length: LANES }, (_, n) => new Lane(`${n + 1}`, stage, outside));
  for (const lane of lanes) used.use(lane);
  undisturbed = await lanes[0]!.run(CANCELLING);
}, WITHIN_MS);
afterAll(() => used.disposeAsync());

const KILLED: readonly Moment[] = ['killed before', 'killed after'];

/** Of all its runs. */
const judge = (run: Run): readonly string[] => faultsOf(run, undisturbed);

/** Calls to the world outside. */
const ACTS = [
  'clerk POST /bank/entries',
  'clerk POST /tools/get_order_details',
  'clerk POST /tools/get_user_details',
  'desk POST /tools/cancel_pending_order',
  'desk POST /tools/get_order_details',
];

describe('a job', () => {
  it('leaves what it must when nobody disturbs it', () => {
    expect(faultsOf(undisturbed, undisturbed)).toEqual([]);
    expect(undisturbed.outside.digest).toBe(outside.digestAfter);
    expect(undisturbed.calls.filter((call) => call.includes(' POST ')).sort()).toEqual(ACTS);
  });

  it(
    'G3 G4 G5 G6: ends the same when a worker is killed before or after any call that leaves it',
    async () => {
      const { faults, calls } = await tryAll({ job: CANCELLING, lanes, judge, moments: KILLED });
      expect(faults).toEqual([]);
      expect([...calls]).toEqual(expect.arrayContaining(ACTS));
    },
    WITHIN_MS,
  );

  it(
    'G3 G4 G5 G6: ends the same when the reply to any call of a worker is lost',
    async () => {
      const { faults, calls } = await tryAll({
        job: CANCELLING,
        lanes,
        judge,
        moments: ['reply lost'],
      });
      expect(faults).toEqual([]);
      expect([...calls]).toEqual(expect.arrayContaining(ACTS));
    },
    WITHIN_MS,
  );

  it(
    'G5 G6: ends the same when whoever settles the doubt of a killed worker is killed as well',
    async () => {
      const part = isFullRun ? undefined : { seed: seedOf('whoever settles'), most: 4 };
      const cast = [...CAST, { role: 'clerk', module: 'clerk' }]; // who is there to settle it
      await using one = new Lane('settling-1', stage, outside, cast);
      await using other = new Lane('settling-2', stage, outside, cast);
      const first: Point[] = [{ moment: 'killed after', call: 'clerk POST /bank/entries', nth: 1 }];
      const { faults, calls } = await tryAll({
        ...{ job: CANCELLING, lanes: [one, other], judge, moments: KILLED, first, part },
      });
      expect(faults).toEqual([]);
      expect(calls.size).toBeGreaterThan(0);
    },
    WITHIN_MS,
  );

  it(
    'is found to be done twice where a rule is broken: a booking that is no effect',
    async () => {
      const moduleOf = (role: string): string => (role === 'clerk' ? 'careless-clerk' : role);
      const cast = CAST.map(({ role }) => ({ role, module: moduleOf(role) }));
      await using careless = new Lane('careless', stage, outside, cast);
      expect(faultsOf(await careless.run(CANCELLING), undisturbed)).toEqual([]);
      const call = 'clerk POST /bank/entries';
      const run = await careless.run(CANCELLING, { moment: 'killed after', call, nth: 1 });
      expect(faultsOf(run, undisturbed)).toEqual(['2 bookings: doubled']);
    },
    WITHIN_MS,
  );
});
