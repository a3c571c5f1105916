import { describe, expect, it } from '@jest/globals';
import { added, type Results } from './results.js';
import { percentile, reportText } from './table.js';

const run = (seed: number, recoveriesMs: readonly number[]): Results => ({
  ...{ seeds: [seed], minutes: 2, programs: 10 },
  ended: { completed: 6, failed: 3, cancelled: 1 },
  ...{ events: 100, effects: 20, askedAgain: 1, violations: [] },
  kinds: { 'agent-killed': { count: 4, busy: 3, recoveriesMs } },
});

describe('the results of several runs', () => {
  it('are added up, with all recovery times', () => {
    const { seeds, programs, kinds } = added([run(1, [5]), run(2, [9, 1])]);
    expect({ seeds, programs }).toEqual({ seeds: [1, 2], programs: 20 });
    expect(kinds['agent-killed']).toEqual({ count: 8, busy: 6, recoveriesMs: [5, 9, 1] });
  });

  it('keep a kind that struck in one of them alone, and every violation', () => {
    const violation = { of: 'p', faults: ['lost'], history: [] };
    const other = { ...run(2, []), kinds: {}, violations: [violation] };
    const { kinds, violations } = added([run(1, [5]), other]);
    expect(kinds['agent-killed']?.count).toBe(4);
    expect(violations).toEqual([violation]);
  });

  it('are told with faults, ends and violations', () => {
    const text = reportText(added([run(1, [5]), run(2, [9])]));
    expect(text).toContain('seeds 1, 2: 4.0 minutes, 8 faults');
    expect(text).toContain('20 programs: 12 completed, 6 failed and 2 cancelled as they must');
    expect(text).toMatch(/agent-killed │ +8 │ +6 │ +2 │ +5 │ +9 │ +9 /);
  });
});

describe('a percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);

  it('is the value that so large a part does not exceed', () => {
    expect([0.5, 0.99, 1].map((part) => percentile(hundred, part))).toEqual([50, 99, 100]);
  });

  it('is empty of nothing', () => {
    expect(percentile([], 0.5)).toBe('');
  });
});
