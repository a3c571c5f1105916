import type { ActionResult } from '@lockstep/retail/contracts';
import type { ExpectedJob, ExpectedResult } from '../data/dataset.js';

/** What became of a job, as the gateway and the shop tell. */
export interface JobOutcome {
  readonly id: string;
  /** Undefined when the job did not complete. */
  readonly results: readonly ActionResult[] | undefined;
  /** Of the job's whole database. */
  readonly digest: string;
}

export interface JobVerdict {
  readonly id: string;
  readonly isCompleted: boolean;
  readonly isDigestEqual: boolean;
  readonly areResultsEqual: boolean;
}

/** Compares a job with its expectation: the database, and each action's answer. */
export function judge(expected: ExpectedJob, { results, digest }: JobOutcome): JobVerdict {
  return {
    id: expected.id,
    isCompleted: results !== undefined,
    isDigestEqual: digest === expected.digest,
    areResultsEqual: results !== undefined && areEqual(expected.results, results),
  };
}

function areEqual(expected: readonly ExpectedResult[], found: readonly ActionResult[]): boolean {
  return expected.length === found.length && expected.every((one, at) => isEqual(one, found[at]));
}

function isEqual(expected: ExpectedResult, found: ActionResult | undefined): boolean {
  const { ok, error, out } = expected;
  return found?.ok === ok && found.error === error && found.out === out;
}
