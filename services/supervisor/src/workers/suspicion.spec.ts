import { describe, expect, it } from '@jest/globals';
import { connectedWorkers, Suspicion } from './suspicion.js';

const settled = (): Suspicion => {
  const suspicion = new Suspicion();
  suspicion.connected(true, 0);
  return suspicion;
};

describe('a suspicion', () => {
  it('takes two looks in a row without a connection', () => {
    const suspicion = settled();
    expect(suspicion.look(['a', 'b'], new Set(['b']), 4000)).toEqual([]);
    expect(suspicion.look(['a', 'b'], new Set(['b']), 4100)).toEqual(['a']);
  });

  it('is dropped when the worker was there in between', () => {
    const suspicion = settled();
    suspicion.look(['a'], new Set(), 4000);
    suspicion.look(['a'], new Set(['a']), 4100);
    expect(suspicion.look(['a'], new Set(), 4200)).toEqual([]);
  });

  it('falls on nobody soon after the server was away', () => {
    const suspicion = settled();
    suspicion.look(['a'], new Set(), 4000);
    suspicion.connected(false, 4050);
    suspicion.connected(true, 5000);
    expect(suspicion.look(['a'], new Set(), 5100)).toEqual([]);
    expect(suspicion.look(['a'], new Set(), 7900)).toEqual([]);
    expect(suspicion.look(['a'], new Set(), 8100)).toEqual([]);
    expect(suspicion.look(['a'], new Set(), 8200)).toEqual(['a']);
  });

  it('reads the names of workers from the list of clients', () => {
    const list =
      'id=3 addr=x name=ls:orders-12-ab db=0\nid=4 addr=y name= db=0\nid=5 name=other db=0\n';
    expect(connectedWorkers(list)).toEqual(new Set(['orders-12-ab']));
  });
});
