import { beforeAll, describe, expect } from '@jest/globals';
import { isFullRun, seedOf } from '@lockstep/testing';
import { Demo } from './demo.js';
import { itWithTauRetail, TAU_RETAIL } from './tau-retail.js';

const PART = 40;
const WITHIN_MS = isFullRun ? 1_800_000 : 300_000;

describe('tau-retail under heavy chaos', () => {
  let seed: number;

  beforeAll(() => {
    seed = seedOf('tau-retail');
  });

  /** Runs the jobs, or a part drawn by the seed, and compares every record. */
  async function prove(allJobs: number, databases: (jobs: number) => number, ...how: string[]) {
    const jobs = isFullRun ? allJobs : PART;
    const what = ['--exit', '--data', TAU_RETAIL, '--chaos', 'heavy', '--seed', String(seed)];
    const demo = new Demo(WITHIN_MS, ...what, '--sample', String(jobs), ...how);
    await demo.succeeds();
    expect(demo.row('jobs completed')).toBe(`${jobs} of ${jobs}`);
    expect(demo.row('results equal')).toBe(`${jobs} of ${jobs}`);
    expect(demo.row('digests equal')).toBe(`${databases(jobs)} of ${databases(jobs)}`);
    expect(demo.row('mails')).toBe(`${jobs} of ${jobs}: lost 0, doubled 0`);
    expect(demo.row('bank entries')).toMatch(/^([1-9]\d*) of \1: lost 0, doubled 0$/);
    expect(demo.row('kills')).toMatch(/^\d+: [1-9]\d* interrupted held work/);
  }

  itWithTauRetail(
    'G3 G4 G5 G6: each job in a database of its own leaves what it must, action by action',
    () => prove(576, (jobs) => jobs),
    WITHIN_MS,
  );

  itWithTauRetail(
    'G3 G4 G5 G6: a job of each customer, all in flight together, leave the digest of one database',
    () => prove(280, () => 1, '--sequence', 'one-per-user'),
    WITHIN_MS,
  );

  itWithTauRetail(
    'G5: the jobs of each customer in order, customers in parallel, do no effect twice for its key',
    () => prove(576, () => 1, '--sequence', 'all-in-order'),
    WITHIN_MS,
  );
});
