import { describe, expect, it } from '@jest/globals';
import { Fleet } from '@lockstep/testing';
import { readDataset } from '../data/dataset.js';
import { readSequence } from '../data/sequence.js';
import { SAMPLE } from '../project.js';
import { assign } from './assign.js';
import { chosen } from './chosen.js';

const run = { id: 'run', folder: '', logs: '' };

describe('the assignment of a run', () => {
  it('is each job in a workflow and a database of its own', async () => {
    const data = chosen(await readDataset(SAMPLE), { jobs: 2, seed: 1 });
    const { errands, databases } = await assign(run, data, undefined, new Fleet());
    expect(errands.map(({ key }) => key)).toEqual(['run.sample-00', 'run.sample-01']);
    expect(databases).toMatchObject(data.expected.map(({ digest }) => ({ digest })));
  });

  it('is the digest of the sequence, summed up from what its jobs leave alone', async () => {
    const sequence = await readSequence(SAMPLE, 'one-per-user');
    const data = chosen(await readDataset(SAMPLE), { seed: 1 }, sequence);
    const { databases } = await assign(run, data, sequence, new Fleet());
    expect(databases).toMatchObject([{ name: 'run.one-per-user', digest: sequence.digest }]);
  });

  it('is refused when the data has no such sequence', async () => {
    const unknown = readSequence(SAMPLE, 'none' as 'one-per-user');
    await expect(unknown).rejects.toThrow('sequences.json has no sequence none');
  });
});
