import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SAMPLE } from '../project.js';
import { readDataset } from './dataset.js';

describe('a data set', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lockstep-data-'));
    await writeFile(join(folder, 'tasks.json'), '[{"id":"a"},{"id":"b"}]');
    await writeFile(join(folder, 'expected.json'), '[{"id":"a"},{"id":"c"}]');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read as it lies in the project, each job with its expectation', async () => {
    const { jobs, expected } = await readDataset(SAMPLE);
    expect(jobs.length).toBeGreaterThanOrEqual(30);
    expect(expected.map(({ id }) => id)).toEqual(jobs.map(({ id }) => id));
  });

  it('is refused when a job has no expectation', async () => {
    await expect(readDataset(folder)).rejects.toThrow('expected.json does not tell of job b');
  });

  it('is refused with the name of the file that cannot be read', async () => {
    await expect(readDataset(join(folder, 'none'))).rejects.toThrow(
      /tasks\.json cannot be read as JSON: ENOENT/,
    );
  });
});
