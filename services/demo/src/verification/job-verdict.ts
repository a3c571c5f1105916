import type { ActionResult } from '@lockstep/retail/contracts';
import type { ExpectedResult } from '../data/dataset.js';

export interface JobVerdict {
  readonly id: string;
  readonly isCompleted: boolean;
  readonly areResultsEqual: boolean;
}

/**
 * Compares each action's answer with what it must be.
 *
 * @param results - undefined when the job did not complete
 */
export function judge(
  id: string,
  expected: readonly ExpectedResult[],
  results: readonly ActionResult[] | undefined,
): JobVerdict {
  return {
    id,
    isCompleted: results !== undefined,
    areResultsEqual: results !== undefined && areEqual(expected, results),
  };
}

function areEqual(expected: readonly ExpectedResult[], found: readonly ActionResult[]): boolean {
  return expected.length === found.length && expected.every((one, at) => isEqual(one, found[at]));
}

function isEqual(expected: ExpectedResult, found: ActionResult | undefined): boolean {
  const { ok, error, out } = expected;
  return found?.ok === ok && found.error === error && found.out === out;
}
