import { describe, expect, it } from '@jest/globals';
import { Suspicion } from './suspicion.js';

const NOBODY = new Set<string>();
const A = new Set(['a']);
const AB = new Set(['a', 'b']);

/** Whom a look suspects. */
function suspects(
  suspicion: Suspicion,
  registered: ReadonlySet<string>,
  connected: ReadonlySet<string>,
  nowMs: number,
): string[] {
  return suspicion.look(registered, connected, nowMs).map(({ worker }) => worker);
}

/** A suspicion that has seen both workers, its own connection up since 0 ms. */
function settled(): Suspicion {
  const suspicion = new Suspicion();
  suspicion.connected(true, 0);
  suspicion.look(AB, AB, 100);
  return suspicion;
}

describe('a suspicion', () => {
  it('takes two looks in a row without a connection', () => {
    const suspicion = settled();
    expect(suspects(suspicion, AB, new Set(['b']), 4000)).toEqual([]);
    expect(suspects(suspicion, AB, new Set(['b']), 4100)).toEqual(['a']);
  });

  it('lasts until the worker is removed', () => {
    const suspicion = settled();
    suspicion.look(AB, new Set(['b']), 4000);
    expect(suspects(suspicion, AB, new Set(['b']), 4100)).toEqual(['a']);
    expect(suspects(suspicion, AB, new Set(['b']), 4200)).toEqual(['a']);
    expect(suspects(suspicion, new Set(['b']), new Set(['b']), 4300)).toEqual([]);
  });

  it('is in doubt between the two looks, and no longer', () => {
    const suspicion = settled();
    const doubts = [4000, 4015, 4030].map((nowMs) => {
      suspicion.look(AB, new Set(['b']), nowMs);
      return suspicion.isInDoubt;
    });
    expect(doubts).toEqual([true, false, false]);
    suspicion.look(AB, NOBODY, 4045);
    expect(suspicion.isInDoubt).toBe(true);
  });

  it('tells when the worker was seen for the last time', () => {
    const suspicion = settled();
    suspicion.foundAll(4000);
    suspicion.look(A, NOBODY, 4100);
    expect(suspicion.look(A, NOBODY, 4115)).toEqual([{ worker: 'a', seenAtMs: 4000 }]);
    expect(suspicion.look(A, NOBODY, 5000)).toEqual([{ worker: 'a', seenAtMs: 4000 }]);
  });

  it('is dropped when the worker was there in between', () => {
    const suspicion = settled();
    suspicion.look(A, NOBODY, 4000);
    suspicion.look(A, A, 4100);
    expect(suspects(suspicion, A, NOBODY, 4200)).toEqual([]);
  });

  it('falls on nobody whose connections were never seen', () => {
    const suspicion = settled();
    const stranger = new Set(['c']);
    suspicion.look(stranger, NOBODY, 4000);
    expect(suspects(suspicion, stranger, NOBODY, 4100)).toEqual([]);
  });

  it('falls on a worker that dies soon after the supervisor started', () => {
    const suspicion = settled();
    suspicion.look(A, NOBODY, 200);
    expect(suspects(suspicion, A, NOBODY, 215)).toEqual(['a']);
  });

  it('falls soon after the server was away on a worker that had come back, and on no other', () => {
    const suspicion = settled();
    suspicion.connected(false, 4050);
    suspicion.connected(true, 5000);
    suspicion.look(AB, A, 5100);
    suspicion.look(AB, NOBODY, 5200);
    expect(suspects(suspicion, AB, NOBODY, 5215)).toEqual(['a']);
    expect(suspects(suspicion, AB, NOBODY, 8100)).toEqual(['a']);
    expect(suspects(suspicion, AB, NOBODY, 8115)).toEqual(['a', 'b']);
  });

  it('falls on nobody who is not back soon after the server was away', () => {
    const suspicion = settled();
    suspicion.look(A, NOBODY, 4000);
    suspicion.connected(false, 4050);
    suspicion.connected(true, 5000);
    for (const nowMs of [5100, 7900, 8100]) {
      expect(suspects(suspicion, A, NOBODY, nowMs)).toEqual([]);
    }
    expect(suspects(suspicion, A, NOBODY, 8200)).toEqual(['a']);
  });
});
