import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Dataset, readDataset } from '../data/dataset.js';
import type { Sequence, SequenceName } from '../data/sequence.js';
import { SAMPLE } from '../project.js';
import { chosen } from './chosen.js';
import { onOneDatabase } from './on-one-database.js';
import type { Outcome } from './outcome.js';

const nothing: Outcome = { results: [], changed: [] };

describe('jobs on one database', () => {
  let sample: Dataset;

  beforeAll(async () => {
    sample = await readDataset(SAMPLE);
  });

  const sequence = (name: SequenceName): Sequence => ({
    ...{ name, failedWrites: [], digest: 'of more jobs than these' },
    tasks: sample.jobs.map(({ id }) => id),
  });
  const assigned = (name: SequenceName, jobs = 4) =>
    onOneDatabase('run', sequence(name), chosen(sample, { jobs, seed: 1 }), nothing);

  it('are an errand each, all at once, when each has another customer', () => {
    const { errands, allAtOnce } = assigned('one-per-user');
    expect(errands.map(({ as, jobs }) => [as, jobs.length])).toEqual(Array(4).fill(['job', 1]));
    expect(allAtOnce).toBe(true);
  });

  it('are a visit for each customer when they follow each other', () => {
    const { errands, databases } = assigned('all-in-order');
    const ids = errands.map(({ jobs }) => jobs.map(({ job }) => job.id));
    expect(ids).toEqual([['sample-00', 'sample-01', 'sample-02'], ['sample-03']]);
    expect(errands.map(({ as }) => as)).toEqual(['visit', 'visit']);
    expect(databases.map(({ name }) => name)).toEqual(['run.all-in-order']);
  });

  it('are refused when they leave another digest than the data tells', () => {
    expect(() => assigned('one-per-user', sample.jobs.length)).toThrow('has another digest');
  });

  it('are refused when other writes are refused than the data tells', () => {
    const [first] = sample.jobs;
    const told = [{ task: first!.id, action: 0, error: 'Error: order not found' }];
    const other = { ...sequence('one-per-user'), failedWrites: told };
    expect(() => onOneDatabase('run', other, sample, nothing)).toThrow('other writes are refused');
  });

  it('are refused when the data does not have them', () => {
    const other = { ...sequence('one-per-user'), tasks: ['unknown'] };
    expect(() => chosen(sample, { seed: 1 }, other)).toThrow('tasks.json does not have');
  });
});
