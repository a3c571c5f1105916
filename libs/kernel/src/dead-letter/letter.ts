import type { FailureSite } from '../events/event.js';
import type { ErrorChain } from '../failure/error-chain.js';

/** Why a role's dead letter was written: what a person needs to judge it. What the task was asked stays in the log. */
export interface LetterMeta extends FailureSite {
  /** As in `parked` of the workflow's view. */
  readonly reason: string;
  readonly error: ErrorChain;
}
