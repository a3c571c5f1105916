import { describe, expect, it } from '@jest/globals';
import { type Row, rowOf } from './row.js';
import { table } from './table.js';

const steps = { measurement: 'steps/16', figure: 'steps', unit: 'per s', better: 'more' } as const;
const time = { measurement: 'replay', figure: 'to state', unit: 'ms', better: 'less' } as const;

/** The cells of the last line but the frame's. */
const cellsOf = (row: Row): string[] => {
  const [, , line = ''] = table([row]).split('\n');
  return line.split('│').map((cell) => cell.trim());
};

describe('the table', () => {
  it('shows the best round of each, and how many times better Lockstep is', () => {
    const row = rowOf(steps, { lockstep: [900, 3000], bullmq: [2000, 1000] });
    expect(cellsOf(row).slice(1, -1)).toEqual([
      ...['steps/16', 'steps', '3,000/s', '2,000/s', '1.50', '–', ''],
    ]);
  });

  it('marks a row in which Lockstep is behind', () => {
    const row = rowOf(time, { lockstep: [20, 30], bullmq: [10, 40] });
    expect(cellsOf(row).slice(3, -1)).toEqual(['20 ms', '10 ms', '0.50', '–', '◀ behind']);
  });

  it('compares nothing where one of them has no figure', () => {
    const bare = { value: 5, command: 'redis-benchmark XRANGE', writesAUnit: 1 };
    const row = rowOf({ ...time, bare }, { lockstep: [20], bullmq: [] });
    expect(cellsOf(row).slice(3, -1)).toEqual(['20 ms', '–', '–', '5 ms', '']);
  });
});
