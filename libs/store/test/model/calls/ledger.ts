import type { ClaimId, TaskId, WorkflowId } from '@lockstep/kernel';
import type { Reservation } from '../../../src/index.js';
import type { Ordered } from '../ledger.js';
import type { Call, Claim, Run } from '../run.js';

interface Reserver extends Claim {
  readonly scheduledAtMs: number;
}

/** The ledger knows nothing of workflows: two claims of one task, one of another, and one of a later task under the first one's name. */
const RESERVERS: readonly Reserver[] = [
  { wf: 'wf-a', task: 'r', token: 'l1', worker: 'w1', epoch: 1, scheduledAtMs: 1 },
  { wf: 'wf-a', task: 'r', token: 'l2', worker: 'w2', epoch: 2, scheduledAtMs: 1 },
  { wf: 'wf-b', task: 'r', token: 'l3', worker: 'w1', epoch: 1, scheduledAtMs: 1 },
  { wf: 'wf-a', task: 'r', token: 'l4', worker: 'w1', epoch: 1, scheduledAtMs: 2 },
];

export function ledgerCall(
  run: Run,
  p: { does: 'reserve' | 'commit' | 'release'; claim: number; key: number; variant: number },
): Call | undefined {
  const claim = RESERVERS[p.claim];
  if (!claim) return undefined;
  run.orders += 1;
  const given: Reservation = {
    tenant: 'acme',
    action: 'refund',
    key: `k${p.key}`,
    wf: claim.wf as WorkflowId,
    task: claim.task as TaskId,
    claim: claim.token as ClaimId,
    epoch: claim.epoch,
    inputDigest: `d${p.variant}`,
    scheduledAtMs: claim.scheduledAtMs,
  };
  const ordered: Ordered = { ...given, order: run.orders };
  const receipt = `{"n":${p.variant}}`;
  return {
    name: p.does,
    args: ordered,
    onModel: (_, ledger) => ledger[p.does](ordered, receipt),
    onStore: () => run.store.ledger[p.does](given, receipt),
  };
}

export function compensateCall(
  run: Run,
  p: { claim: number; key: number; occurrence: number; to: 'compensating' | 'compensated' },
): Call | undefined {
  const claim = RESERVERS[p.claim];
  if (!claim) return undefined;
  const [wf, task] = [claim.wf as WorkflowId, claim.task as TaskId];
  const effect = { tenant: 'acme', action: 'refund', key: `k${p.key}` };
  const given = { ...effect, occurrence: p.occurrence, wf, task };
  return {
    name: 'compensate',
    args: [given, p.to],
    onModel: (_, ledger) => ledger.compensate(given, p.to),
    onStore: () => run.store.ledger.compensate(given, p.to),
  };
}
