import { describe, expect, it } from '@jest/globals';
import { CALL_FAULTS, FAULT_KINDS } from './fault.js';
import { Faults } from './faults.js';

const bank = (reference: string) => ({ target: 'bank', reference });
const lookup = (reference: string) => ({ target: 'bank-lookup', reference });
const rate = { rate: 0, seed: 's', kinds: [...FAULT_KINDS], durationMs: 60_000 };
const kindsStruck = (faults: Faults, calls: number) =>
  Array.from({ length: calls }, (_, n) => faults.strike(bank(`${n}`))?.kind);

describe('faults by rate', () => {
  it('strike no call at rate 0 and every call at rate 1', () => {
    expect(kindsStruck(new Faults(rate), 100)).not.toContainEqual(expect.anything());
    expect(kindsStruck(new Faults({ ...rate, rate: 1 }), 100)).not.toContain(undefined);
  });

  it('strike about as many calls as the rate says, and every kind', () => {
    const struck = kindsStruck(new Faults({ ...rate, rate: 0.1 }), 10_000).filter(Boolean);
    expect(struck.length).toBeGreaterThan(900);
    expect(struck.length).toBeLessThan(1_100);
    expect(new Set(struck)).toEqual(new Set(CALL_FAULTS));
  });

  it('strike the same calls for the same seed, others for another', () => {
    const half = { ...rate, rate: 0.5 };
    const struck = kindsStruck(new Faults(half), 100);
    expect(kindsStruck(new Faults(half), 100)).toEqual(struck);
    expect(kindsStruck(new Faults({ ...half, seed: 't' }), 100)).not.toEqual(struck);
  });

  it('strike the calls to named targets alone, where some are named', () => {
    const faults = new Faults({ ...rate, rate: 1, targets: ['bank'] });
    expect(faults.strike({ target: 'mail', reference: 'a' })).toBeUndefined();
    expect(faults.strike(bank('a'))).toBeDefined();
  });

  it('begin their sequence anew when they are set', () => {
    const half = { ...rate, rate: 0.5 };
    const faults = new Faults(half);
    const struck = kindsStruck(faults, 100);
    faults.rate = half;
    expect(kindsStruck(faults, 100)).toEqual(struck);
  });

  it('strike look-ups only with failing for a while', () => {
    const faults = new Faults({ ...rate, rate: 1 });
    expect(faults.strike(lookup('a'))).toMatchObject({ kind: 'lookup-down' });
    expect(new Faults({ ...rate, rate: 1, kinds: ['cut'] }).strike(lookup('a'))).toBeUndefined();
  });
});

describe('an aimed fault', () => {
  const aim = { target: 'bank', nth: 1, kind: 'cut', durationMs: 0 } as const;

  it('strikes the named call, once', () => {
    const faults = new Faults(rate);
    faults.aim({ ...aim, reference: '#W1' });
    expect(faults.strike(bank('db/#W2/cancel'))).toBeUndefined();
    expect(faults.strike({ target: 'mail', reference: 'db/#W1' })).toBeUndefined();
    expect(faults.strike(bank('db/#W1/cancel'))).toMatchObject({ kind: 'cut' });
    expect(faults.strike(bank('db/#W1/cancel'))).toBeUndefined();
    expect(faults.counts).toMatchObject({ cut: 1, late: 0 });
  });

  it('strikes the n-th call that fits', () => {
    const faults = new Faults(rate);
    faults.aim({ ...aim, nth: 3 });
    expect(kindsStruck(faults, 4)).toEqual([undefined, undefined, 'cut', undefined]);
  });
});

describe('an outage of look-ups', () => {
  const aim = { target: 'bank-lookup', nth: 1, kind: 'lookup-down' } as const;

  it('lasts for that reference, and for no other', () => {
    const faults = new Faults(rate);
    faults.aim({ ...aim, reference: 'a', durationMs: 60_000 });
    expect(faults.strike(lookup('a'))).toMatchObject({ kind: 'lookup-down' });
    expect(faults.strike(lookup('a'))).toMatchObject({ kind: 'lookup-down' });
    expect(faults.strike(lookup('b'))).toBeUndefined();
  });

  it('ends', () => {
    const faults = new Faults(rate);
    faults.aim({ ...aim, durationMs: 0 });
    expect(faults.strike(lookup('a'))).toMatchObject({ kind: 'lookup-down' });
    expect(faults.strike(lookup('a'))).toBeUndefined();
  });
});
