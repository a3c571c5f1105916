import { describe, expect, it } from '@jest/globals';
import { Pacing } from './pacing.js';

describe('the pace of jobs', () => {
  it('lets start as many as are allowed, and the next when the limit is raised', async () => {
    const pacing = new Pacing();
    const started: number[] = [];
    const jobs = [0, 1, 2].map((job) => pacing.admitted(job).then(() => started.push(job)));
    pacing.raise(2);
    await Promise.all(jobs.slice(0, 2));
    expect(started).toEqual([0, 1]);
    pacing.raise(Infinity);
    await jobs[2];
    expect(started).toEqual([0, 1, 2]);
  });

  it('never lowers its limit', async () => {
    const pacing = new Pacing();
    pacing.raise(2);
    pacing.raise(1);
    await expect(pacing.admitted(1)).resolves.toBeUndefined();
  });
});
