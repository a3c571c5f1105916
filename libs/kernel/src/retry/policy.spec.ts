import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NotPerformed, Rejected } from '../failure/failures.js';
import type { EventType, RecordedEvent } from '../events/event.js';
import {
  awaitsRetryTimer,
  DEFAULT_RETRY,
  deferralsInARow,
  retryInMs,
  type RetryPolicy,
  violationsOf,
} from './policy.js';

const busy = new Error('busy');
const askingFor = (retryAfterMs: unknown): Error =>
  Object.assign(new Error('busy'), { retryAfterMs });
const first = (error: unknown) => ({ attempt: 1, error, elapsedMs: 0 });

const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const times = fc.integer({ min: 0, max: 100_000 });
const timeless: fc.Arbitrary<RetryPolicy> = fc.record({
  attempts: fc.integer({ min: 2, max: 10 }),
  baseMs: fc.integer({ min: 1, max: 5000 }),
  capMs: fc.integer({ min: 1, max: 60_000 }),
  totalMs: fc.constant(Infinity),
});
const policies = fc
  .tuple(timeless, fc.oneof(times, fc.constant(Infinity)))
  .map(([policy, totalMs]) => ({ ...policy, totalMs }));
/** What one attempt comes to: how long it takes, what its error asks for, and what chance says after it. */
const failures = fc.array(fc.record({ tookMs: times, askedMs: times, chance: chances }), {
  minLength: 10,
  maxLength: 10,
});

describe('the wait before another attempt', () => {
  it('lies anywhere between nothing and a ceiling that doubles up to the cap', () => {
    fc.assert(
      fc.property(timeless, fc.integer({ min: 1, max: 9 }), chances, (policy, attempt, chance) => {
        const waitMs = retryInMs(policy, { attempt, error: busy, elapsedMs: 0 }, chance);
        const ceilingMs = Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
        const expected = attempt >= policy.attempts ? null : Math.floor(chance * ceilingMs);
        expect(waitMs).toBe(expected);
      }),
    );
  });

  it('is never shorter than what was asked for, by an effect’s error or any other', () => {
    fc.assert(
      fc.property(timeless, chances, times, (policy, chance, asked) => {
        for (const error of [new NotPerformed('later', asked), askingFor(asked)])
          expect(retryInMs(policy, first(error), chance)).toBeGreaterThanOrEqual(asked);
      }),
    );
  });

  it.each([undefined, null, NaN, Infinity, -5, '7000'])(
    'is by the policy alone when an error asks for %p, which is no time',
    (asked) => {
      expect(retryInMs(DEFAULT_RETRY, first(askingFor(asked)), 0.5)).toBe(100);
    },
  );

  it('has no end after the last attempt, nor after an error that another cannot help', () => {
    const last = { ...first(busy), attempt: DEFAULT_RETRY.attempts };
    expect(retryInMs(DEFAULT_RETRY, last, 0)).toBeNull();
    expect(retryInMs(DEFAULT_RETRY, first(new Rejected('no')), 0)).toBeNull();
  });

  it('begins no attempt that the number of attempts or the total time does not allow', () => {
    fc.assert(
      fc.property(policies, failures, (policy, story) => {
        const begins = beginsOf(policy, story);
        expect(begins.length).toBeLessThanOrEqual(policy.attempts);
        for (const beginsAtMs of begins.slice(1))
          expect(beginsAtMs).toBeLessThanOrEqual(policy.totalMs);
      }),
    );
  });

  it('gives up only when the attempts or the time are used up', () => {
    fc.assert(
      fc.property(policies, failures, (policy, story) => {
        const begins = beginsOf(policy, story);
        if (begins.length === policy.attempts) return;
        const { tookMs, askedMs, chance } = story[begins.length - 1]!;
        const failedAtMs = begins.length === 1 ? 0 : begins.at(-1)! + tookMs;
        const ceilingMs = Math.min(policy.capMs, policy.baseMs * 2 ** (begins.length - 1));
        const nextAtMs = failedAtMs + Math.max(askedMs, Math.floor(chance * ceilingMs));
        expect(nextAtMs).toBeGreaterThan(policy.totalMs);
      }),
    );
  });
});

/** When each attempt of an operation that never succeeds begins, counted from the failure of the first; unit ms. */
function beginsOf(
  policy: RetryPolicy,
  story: readonly { readonly tookMs: number; readonly askedMs: number; readonly chance: number }[],
): number[] {
  const begins = [-story[0]!.tookMs];
  for (const [at, { tookMs, askedMs, chance }] of story.entries()) {
    const elapsedMs = begins[at]! + tookMs;
    const failed = { attempt: at + 1, error: askingFor(askedMs), elapsedMs };
    const waitMs = retryInMs(policy, failed, chance);
    if (waitMs === null) return begins;
    begins.push(elapsedMs + waitMs);
  }
  return begins;
}

describe('a retry policy', () => {
  it('fits as it is by default, and whatever whole numbers of attempts and times it has', () => {
    expect(violationsOf(DEFAULT_RETRY)).toEqual([]);
    fc.assert(
      fc.property(policies, (policy) => {
        expect(violationsOf(policy)).toEqual([]);
      }),
    );
  });

  it.each([
    [{ attempts: 0 }, 'retry.attempts is 0, and counts the first: a whole number from 1 on'],
    [{ attempts: 1.5 }, 'retry.attempts is 1.5, and counts the first: a whole number from 1 on'],
    [{ baseMs: -1 }, 'retry.baseMs is -1: a time from 0 on, in ms'],
    [{ capMs: NaN }, 'retry.capMs is NaN: a time from 0 on, in ms'],
    [{ totalMs: -1 }, 'retry.totalMs is -1: a time from 0 on, in ms'],
  ])('cannot be %p', (part, violation) => {
    expect(violationsOf({ ...DEFAULT_RETRY, ...part })).toEqual([violation]);
  });
});

describe('an operation whose target takes no work', () => {
  const history = (...types: EventType[]): RecordedEvent[] =>
    types.map((type) => ({ type, meta: { timer: false } }) as RecordedEvent);

  it('waits for its timer, and is due when that has fired', () => {
    expect(awaitsRetryTimer(history('AttemptDeferred'))).toBe(true);
    expect(awaitsRetryTimer(history('AttemptDeferred', 'TimerFired'))).toBe(false);
  });

  it('was deferred as often in a row as nothing else came between', () => {
    const twice = ['AttemptDeferred', 'TimerFired', 'AttemptDeferred'] as const;
    expect(deferralsInARow(history())).toBe(0);
    expect(deferralsInARow(history(...twice, 'TimerFired'))).toBe(2);
    expect(deferralsInARow(history(...twice, 'StepFailed', 'AttemptDeferred'))).toBe(1);
  });
});
