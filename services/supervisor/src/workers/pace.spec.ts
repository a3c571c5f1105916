import { describe, expect, it } from '@jest/globals';
import { nextLookInMs, type Pace } from './pace.js';

const busy: Pace = { everyMs: 15, isIdle: () => false };
const idle: Pace = { everyMs: 15, isIdle: () => true };
const few = { listedChars: 3000, isInDoubt: false };
const thousands = { listedChars: 1_000_000, isInDoubt: false };

describe('the pace of looks', () => {
  it('is the shortest while tasks are held, and slow while none is', () => {
    expect([nextLookInMs(busy, few), nextLookInMs(idle, few)]).toEqual([15, 100]);
  });

  it('leaves the server 99 % of its time, however many are connected', () => {
    expect(nextLookInMs(busy, thousands)).toBeCloseTo(300);
    expect(nextLookInMs(busy, { ...thousands, listedChars: 10_000_000 })).toBeCloseTo(3000);
  });

  it('never keeps the look waiting that decides about a worker', () => {
    expect(nextLookInMs(idle, { ...thousands, isInDoubt: true })).toBe(15);
  });
});
