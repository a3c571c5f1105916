import { describe, expect, it } from '@jest/globals';
import { partOf } from './part.js';

const jobs = Array.from({ length: 40 }, (_, id) => ({ id, userId: `user-${id % 10}` }));

describe('a part of the jobs', () => {
  it('is all of them when nothing is said', () => {
    expect(partOf(jobs, { seed: 1 })).toEqual(jobs);
  });

  it('is the first ones', () => {
    expect(partOf(jobs, { jobs: 3, seed: 1 })).toEqual(jobs.slice(0, 3));
  });

  it('is drawn by customer, in the order of the file', () => {
    const drawn = partOf(jobs, { sample: 8, seed: 1 });
    expect(drawn).toHaveLength(8);
    expect(new Set(drawn.map(({ userId }) => userId)).size).toBe(2);
    expect(drawn).toEqual(drawn.toSorted((a, b) => a.id - b.id));
  });

  it('is the same for the same seed, and another for another', () => {
    expect(partOf(jobs, { sample: 8, seed: 1 })).toEqual(partOf(jobs, { sample: 8, seed: 1 }));
    expect(partOf(jobs, { sample: 8, seed: 1 })).not.toEqual(partOf(jobs, { sample: 8, seed: 2 }));
  });
});
