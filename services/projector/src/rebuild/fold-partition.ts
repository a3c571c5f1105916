import type { WorkflowId } from '@lockstep/kernel';
import { FEED_START, type FeedReader, type Partitions } from '@lockstep/store';
import type { Redis } from 'ioredis';
import type { Folds } from '../views/folds.js';
import type { ViewWriter } from '../write/view-writer.js';

/** Workflows that are folded at a time. */
const PAGE = 100;

export interface FoldPorts {
  readonly redis: Pick<Redis, 'zscan'>;
  readonly partitions: Partitions;
  readonly feed: Pick<FeedReader, 'end'>;
  readonly folds: Pick<Folds, 'anew'>;
}

/**
 * Folds all views of a partition from the logs that its index names, and sets the checkpoint to where the feed
 * ended before: so nothing falls between.
 *
 * @returns how many views were written
 * @throws LeaseLost, or what `signal` was aborted with
 */
export async function foldPartition(
  writer: ViewWriter,
  { redis, partitions, feed, folds }: FoldPorts,
  signal?: AbortSignal,
): Promise<number> {
  const { partition } = writer.lease;
  const end = await feed.end(partition);
  let count = 0;
  for await (const page of workflowsOf(redis, partitions.workflows(partition))) {
    const folded = await Promise.all(page.map((wf) => folds.anew(wf)));
    const views = folded.filter((view) => view !== null);
    signal?.throwIfAborted();
    await writer.write(views, FEED_START);
    count += views.length;
  }
  await writer.write([], end);
  return count;
}

/**
 * Every workflow of a partition, a page at a time, in no order; one may come twice. Those that leave meanwhile move
 * the ranks of all others, so it is not read by rank.
 */
export async function* workflowsOf(
  redis: Pick<Redis, 'zscan'>,
  index: string,
): AsyncGenerator<readonly WorkflowId[]> {
  let cursor = '0';
  do {
    const [next, found] = await redis.zscan(index, cursor, 'COUNT', PAGE);
    const page = found.filter((_, at) => at % 2 === 0);
    if (page.length > 0) yield page as WorkflowId[];
    cursor = next;
  } while (cursor !== '0');
}
