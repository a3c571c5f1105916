import type { Fleet } from '@lockstep/testing';
import type { Dataset } from '../data/dataset.js';
import type { Sequence } from '../data/sequence.js';
import { referenceSpec } from '../processes/system.js';
import type { Run } from '../run/run-folder.js';
import { brokenJobs, type Undoing, undoingsOf } from './all-or-nothing.js';
import { type Assignment, eachAlone } from './assignment.js';
import { onOneDatabase } from './on-one-database.js';
import type { Outcome } from './outcome.js';
import { doInOrder } from './reference.js';

/**
 * What a run is to do, and what it must leave. The expectation comes from the data and, where that tells the end
 * alone, from a shop of its own that does the jobs in order: customers' jobs that follow each other, and jobs that
 * are to be undone in their midst.
 *
 * @param data - the jobs that the run does
 * @param sequence - of which they are; without one each has its own database
 */
export async function assign(
  run: Run,
  data: Dataset,
  sequence: Sequence | undefined,
  fleet: Fleet,
): Promise<Assignment> {
  if (!sequence) return eachAlone(run.id, data, await undoingsIn(run, data, fleet));
  const isInOrder = sequence.name === 'all-in-order';
  const outcome = isInOrder ? await referenceOf(run, data, fleet) : sumOf(data);
  return onOneDatabase(run.id, sequence, data, outcome);
}

async function undoingsIn(
  run: Run,
  data: Dataset,
  fleet: Fleet,
): Promise<ReadonlyMap<string, Undoing>> {
  const broken = brokenJobs(data);
  if (broken.length === 0) return new Map();
  return undoingsOf(broken, data, await referenceShop(run, data, fleet));
}

async function referenceOf(run: Run, data: Dataset, fleet: Fleet): Promise<Outcome> {
  return doInOrder(await referenceShop(run, data, fleet), data.jobs, 'reference');
}

/** @returns its URL */
async function referenceShop(run: Run, { folder }: Dataset, fleet: Fleet): Promise<string> {
  await fleet.start([await referenceSpec(run, folder)]);
  return fleet.urlOf('reference');
}

/** Jobs of different customers touch different records: together they leave what each leaves alone. */
const sumOf = ({ expected }: Dataset): Outcome => ({
  results: expected.map(({ results }) => results),
  changed: expected.flatMap(({ changed }) => changed),
});
