import { describe, expect, it } from '@jest/globals';
import { InvalidTarget, target, type TargetOptions } from './target.js';

describe('a target', () => {
  it('has a breaker, half of the places, and no other limit unless they are declared', () => {
    expect(target('bank')).toEqual({
      name: 'bank',
      limits: {
        breaker: { windowMs: 30_000, minimum: 10, failureRate: 0.5, openMs: 15_000, probes: 3 },
        rate: null,
        concurrency: null,
      },
      share: 0.5,
      timeoutMs: 30_000,
    });
  });

  it('takes a part of what is declared, and its own for the rest', () => {
    const { limits } = target('bank', { breaker: { minimum: 3 }, rate: { perSecond: 2.5 } });
    expect(limits.breaker).toMatchObject({ minimum: 3, openMs: 15_000 });
    expect(limits.rate).toEqual({ perSecond: 2.5, burst: 3 });
  });

  it('has a breaker that only a person moves where it wants none', () => {
    expect(target('bank', { breaker: false }).limits.breaker.minimum).toBe(0);
  });

  it.each<[string, string, TargetOptions]>([
    ['a name that is none', 'The Bank', {}],
    ['a rate of nothing', 'bank', { rate: { perSecond: 0 } }],
    ['a burst of nothing', 'bank', { rate: { perSecond: 1, burst: 0 } }],
    ['room for nobody', 'bank', { concurrency: 0 }],
    ['a share of nothing', 'bank', { share: 0 }],
    ['a share over all', 'bank', { share: 1.5 }],
    ['a failure rate over all', 'bank', { breaker: { failureRate: 2 } }],
    ['no probe', 'bank', { breaker: { probes: 0 } }],
    ['no window', 'bank', { breaker: { windowMs: 0 } }],
    ['no time', 'bank', { timeout: 0 }],
    ['a number that is none', 'bank', { concurrency: Number.NaN }],
  ])('is refused with %s', (_, name, options) => {
    expect(() => target(name, options)).toThrow(InvalidTarget);
  });
});
