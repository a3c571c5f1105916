import { LockstepError } from '@lockstep/contracts';
import type { TargetOutcome } from '@lockstep/store';
import { TimedOut } from '../execution/timed-out.js';

/** The right to act once. */
export interface Permit {
  /** Whether an action that may take this long ends before others may have the permit; unit ms. */
  covers(actionMs: number): boolean;
  /** Gives it back; the first report counts. */
  report(outcome: TargetOutcome): void;
}

/** Of whatever has no target. */
export const FREE_PERMIT: Permit = { covers: () => true, report: () => undefined };

/** What an error says of the target: a definite no is an answer like any other. */
export function outcomeOf(error: unknown): TargetOutcome {
  if (error instanceof TimedOut) return 'timed-out';
  return error instanceof LockstepError && error.kind === 'rejected' ? 'ok' : 'failed';
}
