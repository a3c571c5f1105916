import { DatabaseDigest } from '@lockstep/retail/shop';
import type { Dataset } from '../data/dataset.js';
import type { Sequence } from '../data/sequence.js';
import type { AssignedJob, Assignment, Errand } from './assignment.js';
import { type Outcome, refusedWrites, withKeysTaken } from './outcome.js';

/**
 * The jobs of a sequence on one common database.
 *
 * @param data - the jobs of the sequence, or a part of them
 * @param outcome - what they answer and leave when they are done in order
 * @throws Error when the outcome is not the one that the sequence tells of
 */
export function onOneDatabase(
  run: string,
  sequence: Sequence,
  data: Dataset,
  outcome: Outcome,
): Assignment {
  const digest = new DatabaseDigest(data.initial).digest(outcome.changed);
  mustAgree(sequence, data, outcome, digest);
  const database = `${run}.${sequence.name}`;
  const results = withKeysTaken(data.jobs, outcome.results);
  const jobs = data.jobs.map((job, at) => ({ job, database, results: results[at] ?? [] }));
  return {
    errands: sequence.name === 'all-in-order' ? visitsOf(run, jobs) : errandsOf(run, jobs),
    databases: [{ name: database, digest, changed: outcome.changed, undone: [] }],
    allAtOnce: sequence.name === 'one-per-user',
  };
}

const errandsOf = (run: string, jobs: readonly AssignedJob[]): Errand[] =>
  jobs.map((each) => ({ key: `${run}.${each.job.id}`, as: 'job', jobs: [each] }));

/** A visit for each customer. */
function visitsOf(run: string, jobs: readonly AssignedJob[]): Errand[] {
  const customers = Map.groupBy(jobs, ({ job }) => job.userId);
  return [...customers].map(([user, visited]) => ({
    key: `${run}.${user}`,
    as: 'visit',
    jobs: visited,
  }));
}

/** The data tells the digest of the whole sequence alone, but of each write that is refused. */
function mustAgree(sequence: Sequence, data: Dataset, outcome: Outcome, digest: string): void {
  const { name, tasks, failedWrites } = sequence;
  const ids = new Set(data.jobs.map(({ id }) => id));
  const told = failedWrites.filter(({ task }) => ids.has(task));
  const found = refusedWrites(data.jobs, outcome.results);
  if (JSON.stringify(told) !== JSON.stringify(found)) {
    throw new Error(`${data.folder}: other writes are refused than the sequence ${name} tells`);
  }
  if (ids.size === tasks.length && digest !== sequence.digest) {
    throw new Error(`${data.folder}: the sequence ${name} has another digest than its jobs leave`);
  }
}
