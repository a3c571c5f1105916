import type { ActionResult } from '@lockstep/retail/contracts';
import type { AssignedJob } from '../assignment/assignment.js';
import type { ExpectedResult } from '../data/dataset.js';
import type { JobEnd } from '../feed/gateway-client.js';

export interface JobVerdict {
  readonly id: string;
  /** How it had to end. */
  readonly must: 'complete' | 'roll back';
  /** Whether it ended so. */
  readonly isEnded: boolean;
  /** Whether each action's answer, or the reason of a rollback, is what it must be. */
  readonly areResultsEqual: boolean;
}

/**
 * Compares a job's end with what it must be.
 *
 * @param end - undefined when it has none
 */
export function judge({ job: { id }, results, undoing }: AssignedJob, end?: JobEnd): JobVerdict {
  if (undoing) {
    const failure = end && 'failure' in end ? end.failure : undefined;
    const areResultsEqual = failure === undoing.refusal;
    return { id, must: 'roll back', isEnded: failure !== undefined, areResultsEqual };
  }
  const found = end && 'result' in end ? end.result.results : undefined;
  const areResultsEqual = found !== undefined && areEqual(results, found);
  return { id, must: 'complete', isEnded: found !== undefined, areResultsEqual };
}

function areEqual(expected: readonly ExpectedResult[], found: readonly ActionResult[]): boolean {
  return expected.length === found.length && expected.every((one, at) => isEqual(one, found[at]));
}

function isEqual(expected: ExpectedResult, found: ActionResult | undefined): boolean {
  const { ok, error, out } = expected;
  return found?.ok === ok && found.error === error && found.out === out;
}
