import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isFullRun, seedOf } from '@lockstep/testing';
import { Stage } from '../processes/stage.js';
import { redriveFaultsOf } from './judge-redrive.js';
import { rollbackFaultsOf } from './judge-rollback.js';
import { Lane, type Run } from './lane.js';
import { Outside } from './outside.js';
import type { Moment } from './point.js';
import type { Part } from './points.js';
import { INSISTING, TRAVELLERS, TRAVELLING } from './travel-jobs.js';
import { tryAll } from './trial.js';

/** Jobs that run side by side, each in processes of its own. */
const LANES = 2;
const WITHIN_MS = 3_600_000;
/** For work that waits for a process which takes the place of one that was killed, on a busy machine, unit ms. */
const PATIENCE_MS = 120_000;
const MOMENTS: readonly Moment[] = ['killed before', 'killed after', 'reply lost'];

const used = new AsyncDisposableStack();
let lanes: Lane[];

beforeAll(async () => {
  const stage = used.use(await Stage.set({}, join(import.meta.dirname, 'travel')));
  stage.patienceMs = PATIENCE_MS;
  const outside = used.use(await Outside.start(stage));
  await stage.supervisor();
  const lane = (_: unknown, n: number): Lane =>
    used.use(new Lane(`${n + 1}`, stage, outside, TRAVELLERS));
  lanes = Array.from({ length: LANES }, lane);
}, WITHIN_MS);
afterAll(() => used.disposeAsync());

/** Of all points, or a few that are drawn. */
const partOf = (test: string, most: number): Part | undefined =>
  isFullRun ? undefined : { seed: seedOf(test), most };

describe('a rollback', () => {
  let undisturbed: Run;
  beforeAll(async () => {
    undisturbed = await lanes[0]!.run(TRAVELLING);
  }, WITHIN_MS);

  it('G5 G6: undoes what was done by three roles, and what was in doubt when the job failed', () => {
    const { events } = undisturbed;
    const begun = events.findIndex(({ type }) => type === 'RollbackStarted');
    const held = events.findIndex(
      ({ type, meta }) => type === 'EffectCommitted' && 'action' in meta && meta.action === 'hold',
    );
    expect(rollbackFaultsOf(undisturbed)).toEqual([]);
    expect(held).toBeGreaterThan(begun);
  });

  it(
    'G3 G4 G5 G6: ends the same when a worker is killed before or after any call that leaves it, or a reply is lost',
    async () => {
      const part = partOf('points of a rollback', 3);
      const { faults, calls } = await tryAll({
        ...{ job: TRAVELLING, lanes, moments: MOMENTS, part },
        judge: rollbackFaultsOf,
      });
      expect(faults).toEqual([]);
      expect(calls.size).toBeGreaterThan(0);
    },
    WITHIN_MS,
  );
});

describe('a redrive', () => {
  let undisturbed: Run;
  beforeAll(async () => {
    undisturbed = await lanes[0]!.run(INSISTING);
  }, WITHIN_MS);

  it('G4: goes on at the step that failed', () => {
    expect(redriveFaultsOf(undisturbed, undisturbed)).toEqual([]);
  });

  it(
    'G3 G4 G5 G6: repeats nothing recorded when a worker is killed before or after any call that leaves it, or a reply is lost',
    async () => {
      const part = partOf('points of a redrive', 2);
      const { faults, calls } = await tryAll({
        ...{ job: INSISTING, lanes, moments: MOMENTS, part },
        judge: (run) => redriveFaultsOf(run, undisturbed),
      });
      expect(faults).toEqual([]);
      expect(calls.size).toBeGreaterThan(0);
    },
    WITHIN_MS,
  );
});
