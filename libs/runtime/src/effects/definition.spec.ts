import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RETRY } from '@lockstep/kernel';
import { InvalidEffect } from './check-definition.js';
import { effect } from './definition.js';
import type { EffectSpec } from './spec.js';

type Spec = EffectSpec<number, string>;
const perform = (): Promise<string> => Promise.resolve('done');
const probe = (): Promise<'unknown'> => Promise.resolve('unknown');

/** What is wrong with an effect; empty when nothing is. */
function violationsOf(spec: Partial<Spec>, action = 'pay'): readonly unknown[] {
  try {
    effect<number, string>(action, { perform, ...spec });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidEffect)) throw error;
    return error.details['violations'] as unknown[];
  }
}

describe('the declaration of an effect', () => {
  it('fills in what its author leaves open', () => {
    expect(effect<number, string>('pay', { perform })).toMatchObject({
      ...{ action: 'pay', timeoutMs: 10_000, windowMs: 1000, retry: DEFAULT_RETRY },
    });
  });

  it.each<[string, Partial<Spec>]>([
    ['a probe', { probe }],
    ['a provider that honours a key', { deduplicates: true }],
    ['both', { probe, deduplicates: true }],
    ['neither', {}],
  ])('E3: may have %s', (_, spec) => {
    expect(violationsOf(spec)).toEqual([]);
  });

  it.each(['', '1st', 'a/b', 'two words', 'x'.repeat(64)])('is refused as %p', (action) => {
    expect(violationsOf({}, action)).toEqual([
      'its name is a letter, then up to 62 letters, digits, hyphens or underscores',
    ]);
  });

  it.each<[string, object]>([
    ['perform is missing', { perform: undefined }],
    ['probe is no function', { probe: true }],
    ['preview is no function', { preview: 'a diff' }],
    ['deduplicates is true or false', { deduplicates: 'yes' }],
    ['risk is low, medium, high', { risk: 'some' }],
    ['its risk is high and it has no preview', { risk: 'high' }],
    ['timeout is 0 ms', { timeout: 0 }],
    ['timeout is undefined ms', { timeout: 'soon' }],
    ['timeout is 2592000000 ms', { timeout: '30d' }],
    ['window is -1 ms', { window: -1 }],
    ['retry.attempts is 0', { retry: { attempts: 0 } }],
    ['compensate is an action with its own perform, a task, or', { compensate: perform }],
    ['compensate is an action with its own perform, a task, or', { compensate: { probe } }],
    ['compensate: timeout is 0 ms', { compensate: { perform, timeout: 0 } }],
  ])('is refused: %s', (violation, spec) => {
    expect(violationsOf(spec)).toEqual([expect.stringContaining(violation)]);
  });

  it('is refused when the name of what undoes it would be too long', () => {
    const action = 'x'.repeat(59);
    expect(violationsOf({}, action)).toEqual([]);
    expect(violationsOf({ compensate: { perform } }, action)).toEqual([
      expect.stringContaining('compensate: its name is a letter'),
    ]);
  });

  it('is told everything that is wrong at once, with the action’s name', () => {
    const declare = (): unknown =>
      effect<number, string>('pay', { perform, risk: 'high', timeout: 0 });
    expect(declare).toThrow(/^effect "pay" cannot .*no preview.*; timeout is 0 ms/);
  });
});
