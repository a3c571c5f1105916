import { ASKED_BEFORE, writeKey } from '@lockstep/retail/contracts';
import { type ChangedRecord, digestOf, isWriteTool } from '@lockstep/retail/shop';
import type { ExpectedResult, RecordedJob } from '../data/dataset.js';
import type { FailedWrite } from '../data/sequence.js';

/** What jobs on one database answer and leave when they are done in order. */
export interface Outcome {
  /** Of each job, one for each action. */
  readonly results: readonly (readonly ExpectedResult[])[];
  /** Records that differ from the initial database in the end. */
  readonly changed: readonly ChangedRecord[];
}

/** The writes that the shop refused. */
export function refusedWrites(
  jobs: readonly RecordedJob[],
  results: Outcome['results'],
): FailedWrite[] {
  return jobs.flatMap(({ id, actions }, job) =>
    actions.flatMap(({ name }, action) => {
      const error = isWriteTool(name) ? results[job]?.[action]?.error : undefined;
      return error === undefined ? [] : { task: id, action, error };
    }),
  );
}

/**
 * The answers when each effect is done once for its key (G5): the shop would refuse a second write of a kind to
 * an order, and is not asked.
 */
export function withKeysTaken(
  jobs: readonly RecordedJob[],
  results: Outcome['results'],
): ExpectedResult[][] {
  const taken = new Set<string>();
  return results.map((answers, job) =>
    answers.map((answer, action) => {
      const key = keyOf(jobs[job], action);
      if (key === undefined) return answer;
      if (taken.has(key)) return TAKEN;
      if (answer.ok) taken.add(key);
      return answer;
    }),
  );
}

const TAKEN: ExpectedResult = { ok: false, error: ASKED_BEFORE, out: digestOf(ASKED_BEFORE) };

/** The key of a write, within the jobs' common database. */
function keyOf(job: RecordedJob | undefined, index: number): string | undefined {
  const action = job?.actions[index];
  if (!action || !isWriteTool(action.name)) return undefined;
  const request = { database: '', job: job.id, index, arguments: action.arguments };
  return writeKey(action.name, request);
}
