import { describe, expect, it } from '@jest/globals';
import { connectedWorkers, Suspicion } from './suspicion.js';

const NOBODY = new Set<string>();
const A = new Set(['a']);
const AB = new Set(['a', 'b']);

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
    expect(suspicion.look(AB, new Set(['b']), 4000)).toEqual([]);
    expect(suspicion.look(AB, new Set(['b']), 4100)).toEqual(['a']);
  });

  it('lasts until the worker is removed', () => {
    const suspicion = settled();
    suspicion.look(AB, new Set(['b']), 4000);
    expect(suspicion.look(AB, new Set(['b']), 4100)).toEqual(['a']);
    expect(suspicion.look(AB, new Set(['b']), 4200)).toEqual(['a']);
    expect(suspicion.look(new Set(['b']), new Set(['b']), 4300)).toEqual([]);
  });

  it('is dropped when the worker was there in between', () => {
    const suspicion = settled();
    suspicion.look(A, NOBODY, 4000);
    suspicion.look(A, A, 4100);
    expect(suspicion.look(A, NOBODY, 4200)).toEqual([]);
  });

  it('falls on nobody whose connections were never seen', () => {
    const suspicion = settled();
    const stranger = new Set(['c']);
    suspicion.look(stranger, NOBODY, 4000);
    expect(suspicion.look(stranger, NOBODY, 4100)).toEqual([]);
  });

  it('falls on nobody soon after the server was away', () => {
    const suspicion = settled();
    suspicion.look(A, NOBODY, 4000);
    suspicion.connected(false, 4050);
    suspicion.connected(true, 5000);
    for (const nowMs of [5100, 7900, 8100]) {
      expect(suspicion.look(A, NOBODY, nowMs)).toEqual([]);
    }
    expect(suspicion.look(A, NOBODY, 8200)).toEqual(['a']);
  });

  it('reads the names of workers from the list of clients', () => {
    const list =
      'id=3 addr=x name=ls:orders-12-ab db=0\nid=4 addr=y name= db=0\nid=5 name=other db=0\n';
    expect(connectedWorkers(list)).toEqual(new Set(['orders-12-ab']));
  });
});
