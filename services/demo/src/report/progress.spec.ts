import { describe, expect, it } from '@jest/globals';
import { progressLine } from './progress.js';

describe('the line of progress', () => {
  it('shows jobs, events a second, kills and recoveries', () => {
    const snapshot = { jobs: 32, ended: 7, events: 900, kills: 3, recoveries: 2 };
    expect(progressLine(snapshot, 123.4)).toBe('jobs 7/32 · 123 events/s · kills 3 · recoveries 2');
  });
});
