import { describe, expect, it } from '@jest/globals';
import { MIXES, PLANNED_KINDS } from './kinds.js';
import { planFaults } from './plan.js';

const TEN_MINUTES_MS = 600_000;
const planned = planFaults(MIXES.all, TEN_MINUTES_MS, 7);

describe('a plan of faults', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(planFaults(MIXES.all, TEN_MINUTES_MS, 7)).toEqual(planned);
    expect(planFaults(MIXES.all, TEN_MINUTES_MS, 8)).not.toEqual(planned);
  });

  it('strikes in order, within its time, with every kind of its mix', () => {
    const times = planned.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(TEN_MINUTES_MS);
    expect(new Set(planned.map(({ kind }) => kind)).size).toBe(PLANNED_KINDS.length);
  });

  it('strikes about as often as the mix says', () => {
    const kills = planned.filter(({ kind }) => kind === 'agent-killed').length;
    const wanted = MIXES.all.perMinute['agent-killed'] * 10;
    expect(kills).toBeGreaterThan(wanted * 0.7);
    expect(kills).toBeLessThan(wanted * 1.3);
  });

  it('does nothing that is not in its mix', () => {
    const kinds = planFaults(MIXES.world, TEN_MINUTES_MS, 7).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['world-killed', 'world-frozen']));
    expect(planFaults(MIXES.none, TEN_MINUTES_MS, 7)).toEqual([]);
  });
});
