import { describe, expect, it } from '@jest/globals';
import { IsInt, IsString } from 'class-validator';
import fc from 'fast-check';

import {
  ContractViolation,
  decodeRequest,
  decodeResult,
  decodeSignal,
  encodeRequest,
  Nothing,
  role,
  signal,
  task,
  type Upcasters,
  workflow,
} from './index.js';
import { Mail } from '../test/sample.js';

class Charge {
  @IsInt()
  amountCents!: number;

  @IsString()
  currency!: string;
}

/** 1 → 2: euros become cents; 2 → 3: the currency is told. */
const steps: Upcasters = {
  1: (old) => ({ amountCents: Math.round((old as { euros: number }).euros * 100) }),
  2: (old) => ({ ...(old as { amountCents: number }), currency: 'EUR' }),
};
const { charge } = role('bank', { charge: task(Charge, Nothing, { version: 3, upcast: steps }) });

const at = (version: number, value: unknown) => ({ version, body: JSON.stringify(value) });

describe('a payload of an older version', () => {
  it('is brought to the current one step by step', () => {
    const expected = { amountCents: 250, currency: 'EUR' };
    expect(decodeRequest(charge, at(1, { euros: 2.5 }))).toEqual(expected);
    expect(decodeRequest(charge, at(2, { amountCents: 250 }))).toEqual(expected);
    expect(decodeRequest(charge, at(3, expected))).toEqual(expected);
  });

  it('reads the same from whichever version on it is upcast', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (cents) => {
        const v1 = { euros: cents / 100 };
        const v2 = steps[1]!(v1);
        const v3 = steps[2]!(v2);
        const read = [v1, v2, v3].map((value, index) =>
          decodeRequest(charge, at(index + 1, value)),
        );
        expect(new Set(read.map((request) => encodeRequest(charge, request).body)).size).toBe(1);
      }),
    );
  });

  it('is validated after it was upcast', () => {
    expect(() => decodeRequest(charge, at(1, { euros: 'two' }))).toThrow(
      'amountCents: must be a finite number, came NaN',
    );
  });

  it('is a violation when an upcaster cannot read it', () => {
    expect(() => decodeRequest(charge, at(1, null))).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('the upcasters from version 1 accept, came null'),
        cause: expect.any(TypeError),
      }),
    );
  });

  it('is a violation when it is older than the oldest upcaster', () => {
    const { recent } = role('bank', {
      recent: task(Charge, Nothing, { version: 3, upcast: { 2: steps[2]! } }),
    });
    expect(() => decodeRequest(recent, at(1, { euros: 1 }))).toThrow(
      'must be in one of the versions 2 to 3, came version 1',
    );
    expect(() => decodeRequest(recent, at(1, { euros: 1 }))).toThrow(ContractViolation);
  });
});

describe('upcasters', () => {
  it.each([
    ['a step is missing', 4, { 1: steps[1]!, 3: steps[2]! }, 'no upcaster from version 2 to 3'],
    ['the last step is missing', 3, { 1: steps[1]! }, 'no upcaster from version 2 to 3'],
    [
      'a step starts at the current version',
      1,
      { 1: steps[1]! },
      'an upcaster from version 1, but',
    ],
    ['a step starts at no version', 1, { 0: steps[1]! }, 'must be a whole number from 1 on'],
  ])('are refused where they are declared when %s', (_case, version, upcast, reason) => {
    expect(() => task(Charge, Mail, { version, upcast })).toThrow(reason);
    expect(() => task(Mail, Charge, { version, upcastResult: upcast })).toThrow(reason);
    expect(() => signal(Charge, { version, upcast })).toThrow(reason);
  });

  it('may be declared for results', () => {
    const { quote } = role('bank', {
      quote: task(Mail, Charge, { version: 3, upcastResult: steps }),
    });
    expect(decodeResult(quote, at(1, { euros: 1 }))).toEqual({ amountCents: 100, currency: 'EUR' });
  });

  it('may be left out for a side that did not change', () => {
    const { quote } = role('bank', {
      quote: task(Mail, Charge, { version: 3, upcastResult: steps }),
    });
    expect(decodeRequest(quote, at(1, { text: 'hi' }))).toEqual({ text: 'hi' });
  });

  it('may be declared for signals', () => {
    const { signals } = workflow('job', {
      root: charge,
      signals: { charged: signal(Charge, { version: 3, upcast: steps }) },
    });
    expect(decodeSignal(signals.charged, at(2, { amountCents: 5 })).currency).toBe('EUR');
  });
});
