import { describe, expect, it } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import type { FeedEntry } from '@lockstep/store';
import fc from 'fast-check';
import { restMs } from './rest.js';

/** So many positions of a partition, two workflows at each. */
function newsOf(positions: number): ReadonlyMap<number, FeedEntry[]> {
  const at = (position: number, wf: string): FeedEntry => ({
    ...{ id: `${position}-0`, partition: 1, wf: wf as WorkflowId, from: 1, to: 2 },
  });
  const positionsOf = Array.from({ length: positions }, (_, n) => [at(n, 'a'), at(n, 'b')]);
  return new Map([[1, positionsOf.flat()]]);
}

describe('the rest after a turn', () => {
  it('is longer than the turn, and makes a view late by no more than 300 ms', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1000, noNaN: true }), (turnMs) => {
        const ms = restMs(turnMs, newsOf(5), 100);
        expect(ms).toBe(Math.min(turnMs * 10, 300));
      }),
    );
  });

  it('is none when there was nothing, so that what comes next is read at once', () => {
    expect(restMs(0.1, new Map(), 100)).toBe(0);
  });

  it('is none while a partition has more than a turn can read', () => {
    expect(restMs(50, newsOf(99), 100)).toBe(300);
    expect(restMs(50, newsOf(100), 100)).toBe(0);
  });
});
