import { type ChangedRecord } from '@lockstep/retail/shop';
import type { Dataset, ExpectedResult, RecordedJob } from '../data/dataset.js';
import type { Undoing } from './all-or-nothing.js';

/** A job of a run: where it acts, and what its actions must answer. */
export interface AssignedJob {
  readonly job: RecordedJob;
  readonly database: string;
  /** One for each action. */
  readonly results: readonly ExpectedResult[];
  /** What is to be undone; absent when the job is to complete. */
  readonly undoing?: Undoing;
}

/** A database of a run, and what it must hold in the end. */
export interface AssignedDatabase {
  readonly name: string;
  /** Of the whole database. */
  readonly digest: string;
  /** Records that differ from the initial database. */
  readonly changed: readonly ChangedRecord[];
  /** Records as they were when a rollback began, which has left none of them so. */
  readonly undone: readonly ChangedRecord[];
}

/** One workflow of a run. */
export interface Errand {
  /** Under which it is started. */
  readonly key: string;
  readonly as: 'job' | 'whole-job' | 'visit';
  /** Done in this order; one, unless it is a visit. */
  readonly jobs: readonly AssignedJob[];
}

/** Everything that a run does, and everything that it must leave. */
export interface Assignment {
  /** Started in this order. */
  readonly errands: readonly Errand[];
  readonly databases: readonly AssignedDatabase[];
  /** Whether all errands are under way together, or only some at a time. */
  readonly allAtOnce: boolean;
}

/** All jobs, in the order of the errands: that in which a run tells their ends. */
export const jobsOf = ({ errands }: Assignment): AssignedJob[] =>
  errands.flatMap(({ jobs }) => jobs);

/**
 * Each job by itself, in a workflow and a database of its own.
 *
 * @param undoings - of those that are not done whole, by id
 */
export function eachAlone(
  run: string,
  { jobs, expected }: Dataset,
  undoings: ReadonlyMap<string, Undoing>,
): Assignment {
  const nameOf = ({ id }: { readonly id: string }): string => `${run}.${id}`;
  return {
    errands: jobs.map((job, at) => {
      const database = nameOf(job);
      const results = expected[at]?.results ?? [];
      const undoing = undoings.get(job.id);
      const as = job.allOrNothing ? 'whole-job' : 'job';
      return { key: database, as, jobs: [{ job, database, results, ...(undoing && { undoing }) }] };
    }),
    databases: expected.map((job) => {
      const undoing = undoings.get(job.id);
      const name = nameOf(job);
      if (!undoing) return { name, digest: job.digest, changed: job.changed, undone: [] };
      return { name, digest: undoing.digest, changed: [], undone: undoing.changed };
    }),
    allAtOnce: false,
  };
}
