import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NotPerformed, Rejected } from '../failure/failures.js';
import { DEFAULT_RETRY, retryInMs } from './policy.js';

const busy = new Error('busy');
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const policies = fc.record({
  attempts: fc.integer({ min: 2, max: 10 }),
  baseMs: fc.integer({ min: 1, max: 5000 }),
  capMs: fc.integer({ min: 1, max: 60_000 }),
});

describe('the wait before another attempt', () => {
  it('lies anywhere between nothing and a ceiling that doubles up to the cap', () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 9 }), random, (policy, attempt, chance) => {
        const waitMs = retryInMs(policy, attempt, busy, chance);
        const ceilingMs = Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
        const expected = attempt >= policy.attempts ? null : Math.floor(chance * ceilingMs);
        expect(waitMs).toBe(expected);
      }),
    );
  });

  it('is never shorter than what the provider asked for', () => {
    fc.assert(
      fc.property(
        policies,
        random,
        fc.integer({ min: 0, max: 100_000 }),
        (policy, chance, asked) => {
          const waitMs = retryInMs(policy, 1, new NotPerformed('later', asked), chance);
          expect(waitMs).toBeGreaterThanOrEqual(asked);
        },
      ),
    );
  });

  it('has no end after the last attempt, nor after an error that another cannot help', () => {
    expect(retryInMs(DEFAULT_RETRY, DEFAULT_RETRY.attempts, busy, 0)).toBeNull();
    expect(retryInMs(DEFAULT_RETRY, 1, new Rejected('no'), 0)).toBeNull();
  });
});
