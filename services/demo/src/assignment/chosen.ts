import type { Dataset } from '../data/dataset.js';
import type { Sequence } from '../data/sequence.js';
import { type Part, partOf } from './part.js';

/**
 * The data set without the jobs that a run does not do.
 *
 * @param sequence - whose jobs alone it has; default all
 * @throws Error when the sequence names a job that is not there
 */
export function chosen(data: Dataset, part: Part, sequence?: Sequence): Dataset {
  const named = new Set(sequence?.tasks ?? data.jobs.map(({ id }) => id));
  const there = data.jobs.filter(({ id }) => named.has(id));
  if (there.length < named.size) {
    throw new Error(`${data.folder}: sequences.json names jobs that tasks.json does not have`);
  }
  const kept = new Set(partOf(there, part).map(({ id }) => id));
  return {
    ...data,
    jobs: data.jobs.filter(({ id }) => kept.has(id)),
    expected: data.expected.filter(({ id }) => kept.has(id)),
  };
}
