import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { isWriteTool } from '@lockstep/retail/shop';
import { isFullRun, randomFrom, seedOf, shuffled } from '@lockstep/testing';
import { allOrNothing, type BrokenJob, brokenJobs } from '../src/assignment/all-or-nothing.js';
import { type Dataset, readDataset } from '../src/data/dataset.js';
import { Demo } from './demo.js';
import { itWithTauRetail, TAU_RETAIL } from './tau-retail.js';

/** Of the 21 jobs in which a write is refused, and of the others. */
const PART = isFullRun ? { broken: 21, others: 555 } : { broken: 6, others: 12 };
const WITHIN_MS = isFullRun ? 1_800_000 : 300_000;

const writesBefore = ({ before }: BrokenJob): number =>
  before.filter(({ name }) => isWriteTool(name)).length;

describe('tau-retail, all or nothing, under heavy chaos', () => {
  let seed: number;
  let folder: string;

  beforeEach(async () => {
    seed = seedOf('all-or-nothing');
    folder = await mkdtemp(join(tmpdir(), 'all-or-nothing-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Jobs of both kinds drawn by the seed, in a folder of their own. */
  async function drawPart(): Promise<Dataset> {
    const all = allOrNothing(await readDataset(TAU_RETAIL));
    const broken = new Set(brokenJobs(all).map(({ job }) => job.id));
    const drawn = shuffled(all.jobs, randomFrom(seed));
    const kept = [
      ...drawn.filter(({ id }) => broken.has(id)).slice(0, PART.broken),
      ...drawn.filter(({ id }) => !broken.has(id)).slice(0, PART.others),
    ].map(({ id }) => id);
    const isKept = ({ id }: { readonly id: string }): boolean => kept.includes(id);
    const part = { ...all, jobs: all.jobs.filter(isKept), expected: all.expected.filter(isKept) };
    await writePart(part);
    return part;
  }

  async function writePart({ jobs, expected }: Dataset): Promise<void> {
    await writeFile(join(folder, 'tasks.json'), JSON.stringify(jobs));
    await writeFile(join(folder, 'expected.json'), JSON.stringify(expected));
    for (const table of ['users.json', 'orders.json', 'products.json']) {
      await symlink(join(TAU_RETAIL, table), join(folder, table));
    }
  }

  itWithTauRetail(
    'G5 G6: a job in which a write is refused leaves its one mail alone, every other all that it must',
    async () => {
      const part = await drawPart();
      const broken = brokenJobs(part);
      const how = ['--all-or-nothing', '--chaos', 'heavy', '--seed', String(seed)];
      const demo = new Demo(WITHIN_MS, '--exit', '--data', folder, ...how);
      await demo.succeeds();

      const all = part.jobs.length;
      const writes = broken.reduce((sum, each) => sum + writesBefore(each), 0);
      expect(broken).toHaveLength(PART.broken);
      expect(demo.row('jobs completed')).toBe(`${PART.others} of ${PART.others}`);
      expect(demo.row('jobs rolled back')).toMatch(
        new RegExp(
          `^${PART.broken} of ${PART.broken}: writes undone ${writes}, bank entries \\d+$`,
        ),
      );
      expect(demo.row('results equal')).toBe(`${all} of ${all}`);
      expect(demo.row('digests equal')).toBe(`${all} of ${all}`);
      expect(demo.row('mails')).toBe(`${all} of ${all}: lost 0, doubled 0`);
      expect(demo.row('bank entries')).toMatch(/^([1-9]\d*) of \1: lost 0, doubled 0$/);
      expect(demo.row('kills')).toMatch(/^\d+: [1-9]\d* interrupted held work/);
    },
    WITHIN_MS,
  );
});
