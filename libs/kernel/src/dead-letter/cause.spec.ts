import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedError } from '../failure/error-chain.js';
import { causeOf } from './cause.js';

const errorOf = (message: string, code = 'ProviderDown'): RecordedError => ({
  ...{ name: code, code, kind: 'permanent', message },
});
const facts = {
  ...{ reason: 'Uncaught', error: [errorOf('the bank is away')] },
  ...{ name: 'refund', operation: 'effect refund' },
};
const identity = (changed: object = {}): string =>
  causeOf('payments', { ...facts, ...changed }).identity;

const word = fc.stringMatching(/^[a-z]{1,8}$/);
/** What tells one case from the next: a number, an id, a time, an address. */
const particular = fc.oneof(
  fc.nat().map(String),
  fc.uuid(),
  fc.ipV4(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.tuple(word, word).map(([a, b]) => `${a}@${b}.example`),
  fc.tuple(word, fc.nat()).map(([a, n]) => `${a}-${n}`),
);

describe('the cause of a dead letter', () => {
  it('is the same whatever number, id, time or address a message tells of', () => {
    fc.assert(
      fc.property(word, particular, particular, word, (before, a, b, after) => {
        const told = (what: string): string =>
          identity({ error: [errorOf(`${before} ${what} ${after}`)] });
        expect(told(a)).toBe(told(b));
      }),
    );
  });

  it('is another one for another error, a deeper cause of it, or another place', () => {
    const others = [
      { error: [errorOf('the bank is away', 'Timeout')] },
      { error: [errorOf('the bank is closed')] },
      { error: [...facts.error, errorOf('the line is cut')] },
      { name: 'charge' },
      { operation: null },
      { reason: 'EffectInDoubt' },
    ];
    const all = [identity(), ...others.map(identity), causeOf('orders', facts).identity];
    expect(new Set(all).size).toBe(all.length);
  });

  it('tells a person where it is, and of what', () => {
    const error = [errorOf('order #W123 of "anna@shop.example" has 2 items, 7 wanted')];
    expect(causeOf('payments', { ...facts, error }).cause).toEqual({
      ...{ role: 'payments', name: 'refund', operation: 'effect refund', code: 'ProviderDown' },
      message: 'order # of "#" has # items, # wanted',
    });
  });

  it('is known also of a letter that tells of no error', () => {
    expect(causeOf('payments', { ...facts, error: [] }).cause).toMatchObject({
      ...{ code: 'Uncaught', message: '' },
    });
  });

  it('is short, however long the message is', () => {
    const { message } = causeOf('payments', {
      ...facts,
      error: [errorOf('so '.repeat(500))],
    }).cause;
    expect(message.length).toBeLessThanOrEqual(200);
  });
});
