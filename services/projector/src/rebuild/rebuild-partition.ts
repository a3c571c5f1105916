// Throws a partition's views away and folds them anew from the logs.
//
//   B1. The lease is taken from whoever has it, together with its checkpoint: from then on nobody else writes views.
//   B2. If this ends halfway, the partition has no checkpoint, and its next owner folds all of it.

import { FEED_START, FeedReader, LogReader, type Store, ViewReader } from '@lockstep/store';
import type { Redis } from 'ioredis';
import { type Lease, PROJECTOR } from '../lease/lease.js';
import { Folds, type FoldEvents } from '../views/folds.js';
import { ViewWriter } from '../write/view-writer.js';
import { foldPartition, workflowsOf } from './fold-partition.js';

const LEASE_MS = 10_000;
const RENEW_MS = 2000;

/**
 * @param owner - of the lease meanwhile: random
 * @returns how many views were written
 * @throws LeaseLost when another rebuild takes the partition
 */
export async function rebuildPartition(
  redis: Redis,
  store: Store,
  { partition, owner }: Omit<Lease, 'epoch'>,
  unfoldable: FoldEvents['unfoldable'],
): Promise<number> {
  const lease = await seize(redis, store, partition, owner);
  const renewal = setInterval(() => {
    store.lease(partition, PROJECTOR, owner, LEASE_MS).catch(() => undefined); // the next one may get through
  }, RENEW_MS);
  try {
    await throwAway(redis, store, partition);
    return await foldAll(redis, store, lease, unfoldable);
  } finally {
    clearInterval(renewal);
    await store.lease(partition, PROJECTOR, owner, 0);
  }
}

/** B1 */
async function seize(redis: Redis, store: Store, partition: number, owner: string): Promise<Lease> {
  for (;;) {
    await redis.del(store.partitions.lease(partition, PROJECTOR));
    const reply = await store.lease(partition, PROJECTOR, owner, LEASE_MS);
    if (reply.reply === 'ok') return { partition, owner, epoch: reply.epoch };
  }
}

async function throwAway(redis: Redis, { partitions }: Store, partition: number): Promise<void> {
  for await (const page of workflowsOf(redis, partitions.workflows(partition))) {
    await redis.unlink(page.map((wf) => partitions.view(wf)));
  }
  const lists = [partitions.list(partition, '*'), partitions.unsettled(partition, '*')];
  for (const match of lists) await unlinkAll(redis, match);
}

async function unlinkAll(redis: Redis, match: string): Promise<void> {
  for await (const names of redis.scanStream({ match })) {
    if ((names as string[]).length > 0) await redis.unlink(names as string[]);
  }
}

function foldAll(
  redis: Redis,
  store: Store,
  lease: Lease,
  unfoldable: FoldEvents['unfoldable'],
): Promise<number> {
  const { partitions } = store;
  const [log, views] = [new LogReader(redis, partitions), new ViewReader(redis, partitions)];
  const events = { unfoldable, folded: uncounted, rewound: uncounted };
  const folds = new Folds(log, views, events, 1);
  const feed = new FeedReader(redis, partitions);
  const writer = new ViewWriter(lease, FEED_START, store);
  return foldPartition(writer, { redis, partitions, feed, folds });
}

const uncounted = (): void => undefined;
