import { describe, expect, it } from '@jest/globals';
import { type Moment, nameOf } from './point.js';
import { type Part, Points } from './points.js';

/** Tries points as long as there are any, in runs that make each call so often. */
function tryAll(counts: Record<string, number>, moments: readonly Moment[], part?: Part) {
  const points = new Points(moments, part);
  const tried: string[] = [];
  points.found(Object.keys(counts));
  for (let point = points.next(); point; point = points.next()) {
    tried.push(nameOf(point));
    points.ended(point, point.nth <= counts[point.call]!);
  }
  return { tried, count: points.count, calls: [...points.calls] };
}

describe('the points of a run', () => {
  it('are each call’s first, second and so on, until a run ends without having come so far', () => {
    const { tried, count } = tryAll({ 'desk append': 2, 'clerk append': 1 }, ['reply lost']);
    expect(tried.sort()).toEqual([
      'reply lost clerk append 1',
      'reply lost clerk append 2',
      'reply lost desk append 1',
      'reply lost desk append 2',
      'reply lost desk append 3',
    ]);
    expect(count).toBe(3);
  });

  it('have no moment before a blocking read, which waits between two other calls', () => {
    const { calls, tried } = tryAll({ 'desk XREADGROUP': 1 }, ['killed before', 'killed after']);
    expect(tried[0]).toBe('killed after desk XREADGROUP 1');
    expect(calls).toEqual(['desk XREADGROUP']);
    expect(tryAll({ 'desk XREADGROUP': 1 }, ['killed before']).count).toBe(0);
  });

  it('have one of the calls that a clock makes, for which runs are repeated', () => {
    const points = new Points(['killed after']);
    points.found(['desk heartbeat']);
    for (const wasReached of [false, false, true]) {
      const point = points.next()!;
      expect(point.nth).toBe(1);
      points.ended(point, wasReached);
    }
    expect(points.next()).toBeUndefined();
    expect(points.count).toBe(1);
  });

  it('have none of a call that is not made again', () => {
    expect(tryAll({ 'clerk release': 0 }, ['killed after'])).toMatchObject({ count: 0 });
  });

  it('can be drawn by a seed', () => {
    const counts = { a: 9, b: 9, c: 9, d: 9 };
    const drawn = (seed: number) => tryAll(counts, ['reply lost'], { seed, most: 3 }).tried;
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).toHaveLength(3);
    expect(new Set([1, 2, 3, 4].map((seed) => drawn(seed).join(', '))).size).toBeGreaterThan(1);
  });
});
