import { type ChangedRecord, DatabaseDigest, isWriteTool } from '@lockstep/retail/shop';
import type { Dataset, RecordedJob } from '../data/dataset.js';
import { doInOrder } from './reference.js';

/** What is to be undone of a job that the shop does not do whole. */
export interface Undoing {
  /** The shop's exact text for the write that it refuses. */
  readonly refusal: string;
  /** Writes that were done before. */
  readonly writes: number;
  /** Records that differ from the initial database by then. */
  readonly changed: readonly ChangedRecord[];
  /** Of the whole database when all is undone: the initial one. */
  readonly digest: string;
}

/** A job that is all or nothing, and has a write refused. */
export interface BrokenJob {
  readonly job: RecordedJob;
  /** Its actions before that write. */
  readonly before: RecordedJob['actions'];
  readonly refusal: string;
  /** Digest of the whole database by then. */
  readonly state: string;
}

/** The data set with every job to be done whole or not at all. */
export const allOrNothing = (data: Dataset): Dataset => ({
  ...data,
  jobs: data.jobs.map((job) => ({ ...job, allOrNothing: true })),
});

/** The jobs that are to be undone. */
export function brokenJobs({ jobs, expected }: Dataset): BrokenJob[] {
  return jobs.flatMap((job, at) => {
    if (!job.allOrNothing) return [];
    const results = expected[at]?.results ?? [];
    const index = job.actions.findIndex(({ name }, n) => isWriteTool(name) && !results[n]?.ok);
    const { error: refusal, state = '' } = results[index] ?? {};
    return refusal === undefined
      ? []
      : [{ job, before: job.actions.slice(0, index), refusal, state }];
  });
}

/**
 * What broken jobs leave to be undone, by their ids: the data does not tell the records in the midst of a job, so a
 * shop that nothing disturbs does each of them until then.
 *
 * @throws Error when the shop is then in another state than the data tells
 */
export async function undoingsOf(
  broken: readonly BrokenJob[],
  { folder, initial }: Pick<Dataset, 'folder' | 'initial'>,
  shopUrl: string,
): Promise<ReadonlyMap<string, Undoing>> {
  const digests = new DatabaseDigest(initial);
  const undoings = new Map<string, Undoing>();
  for (const { job, before, refusal, state } of broken) {
    const { changed } = await doInOrder(shopUrl, [{ ...job, actions: before }], job.id);
    if (digests.digest(changed) !== state) {
      throw new Error(`${folder}: ${job.id} is in another state before it is refused than is told`);
    }
    const writes = before.filter(({ name }) => isWriteTool(name)).length;
    undoings.set(job.id, { refusal, writes, changed, digest: digests.digest() });
  }
  return undoings;
}
