import { describe, expect, it } from '@jest/globals';
import { min } from 'simple-statistics';
import { growthPerHour, levelAt, type Point } from './trend.js';

const MINUTE_MS = 60_000;

/** A sample a minute. */
const points = (count: number, value: (minute: number) => number): Point[] =>
  Array.from({ length: count }, (_, minute) => ({
    atMs: minute * MINUTE_MS,
    value: value(minute),
  }));

describe('the level at a part of the time', () => {
  const values = Array.from({ length: 100 }, (_, at) => at);

  it('is the middle of the tenth before it', () => {
    expect([0.1, 0.5, 1].map((part) => levelAt(values, part))).toEqual([4.5, 44.5, 94.5]);
  });

  it('is the lowest of that tenth where it is asked for', () => {
    expect(levelAt(values, 1, min)).toBe(90);
  });

  it('is not moved by one sample that stands out', () => {
    expect(levelAt([...values.slice(0, 99), 1e9], 1)).toBe(94.5);
  });

  it('is that of the nearest sample where there are few', () => {
    expect([0.1, 0.5, 1].map((part) => levelAt([7, 8], part))).toEqual([7, 7, 8]);
  });

  it('is unknown without samples', () => {
    expect(levelAt([], 1)).toBeNull();
  });
});

describe('the growth an hour', () => {
  it('is the slope of what grows evenly', () => {
    const growth = growthPerHour(points(60, (minute) => 5 + 2 * minute));
    expect(growth?.anHour).toBeCloseTo(120);
    expect(growth?.giveOrTake).toBeCloseTo(0);
  });

  it('leaves out the first half, in which processes warm up', () => {
    expect(growthPerHour(points(60, (minute) => (minute < 30 ? minute : 30)))?.anHour).toBeCloseTo(
      0,
    );
  });

  it('is not that of garbage, which comes and goes', () => {
    const saw = points(60, (minute) => 40 + 13 * (minute % 6));
    expect(growthPerHour(saw)?.anHour).toBeCloseTo(0);
    const leak = saw.map(({ atMs, value }, minute) => ({ atMs, value: value + minute }));
    expect(growthPerHour(leak)?.anHour).toBeCloseTo(60);
  });

  it('is as unsure as what it is read from', () => {
    const noisy = points(60, (minute) => (Math.floor(minute / 6) % 2 === 0 ? 0 : 10));
    const growth = growthPerHour(noisy);
    expect(growth?.giveOrTake).toBeGreaterThan(Math.abs(growth?.anHour ?? NaN));
  });

  it('is unknown of one sample', () => {
    expect(growthPerHour(points(1, () => 5))).toBeNull();
  });
});
