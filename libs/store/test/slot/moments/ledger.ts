// An effect is reserved, kept and undone in the ledger. One key each, which the caller declares: there is
// nothing else that could have left.

import type { ClaimId, TaskId, WorkflowId } from '@lockstep/kernel';
import { ledgerKey, type Reservation } from '../../../src/index.js';
import type { Call, Moment } from './moment.js';

const RESERVATION: Reservation = {
  ...{ tenant: 'acme', action: 'refund', key: 'k', inputDigest: 'd', epoch: 1, scheduledAtMs: 1 },
  ...{ wf: 'a' as WorkflowId, task: 'r' as TaskId, claim: 'c1' as ClaimId },
};

export const LEDGER_KEY = ledgerKey('acme', 'refund', 'k');

const ledger = (name: string, call: Call, ...before: readonly Call[]): Moment => ({
  name,
  moves: /:effect$/,
  prepare: async (scene) => {
    for (const earlier of before) await earlier(scene.store);
    return call;
  },
});

const reserve: Call = (store) => store.ledger.reserve(RESERVATION);
const takeOver: Call = (store) =>
  store.ledger.reserve({ ...RESERVATION, claim: 'c2' as ClaimId, epoch: 2 });
const commit: Call = (store) => store.ledger.commit(RESERVATION, '{"id":1}');
const release: Call = (store) => store.ledger.release(RESERVATION);
const compensate =
  (to: 'compensating' | 'compensated'): Call =>
  (store) =>
    store.ledger.compensate({ ...RESERVATION, occurrence: 1 }, to);

export const OF_LEDGER: readonly Moment[] = [
  ledger('reserve: a key that is free', reserve),
  ledger('reserve: takes over', takeOver, reserve),
  ledger('commit: keeps a receipt', commit, reserve),
  ledger('release: frees the key', release, reserve),
  ledger('compensate: is about to undo', compensate('compensating'), reserve, commit),
  ledger('compensate: has undone', compensate('compensated'), reserve, commit),
  ledger('reserve: behind what was undone', reserve, reserve, commit, compensate('compensated')),
];
