import type { Dataset } from '../data/dataset.js';
import type { Sequence } from '../data/sequence.js';
import type { Fleet } from '../processes/fleet.js';
import { referenceSpec } from '../processes/system.js';
import type { Run } from '../run/run-folder.js';
import { type Assignment, eachAlone } from './assignment.js';
import { onOneDatabase } from './on-one-database.js';
import type { Outcome } from './outcome.js';
import { doInOrder } from './reference.js';

/**
 * What a run is to do, and what it must leave. The expectation comes from the data; where a customer's jobs
 * follow each other, which the data tells the end of alone, from a shop of its own that does them in order.
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
  if (!sequence) return eachAlone(run.id, data);
  const isInOrder = sequence.name === 'all-in-order';
  const outcome = isInOrder ? await referenceOf(run, data, fleet) : sumOf(data);
  return onOneDatabase(run.id, sequence, data, outcome);
}

async function referenceOf(run: Run, { folder, jobs }: Dataset, fleet: Fleet): Promise<Outcome> {
  await fleet.start([await referenceSpec(run, folder)]);
  return doInOrder(fleet.urlOf('reference'), jobs);
}

/** Jobs of different customers touch different records: together they leave what each leaves alone. */
const sumOf = ({ expected }: Dataset): Outcome => ({
  results: expected.map(({ results }) => results),
  changed: expected.flatMap(({ changed }) => changed),
});
