import type { Redis } from 'ioredis';
import { FEED_START } from '../feed.js';
import { inOneGo } from '../in-one-go.js';
import type { Partitions } from '../keys.js';

/** Age of the oldest entry of any feed that a reader has not passed, unit ms; 0 when it has passed all. */
export async function feedLagMs(
  redis: Redis,
  partitions: Partitions,
  reader: string,
  nowMs: number,
): Promise<number> {
  const all = [...partitions.tags.keys()];
  const checkpoints = await inOneGo(redis, all, (pipeline, partition) =>
    pipeline.hget(partitions.lease(partition, reader), 'checkpoint'),
  );
  const next = await inOneGo(redis, all, (pipeline, partition) => {
    const behind = `(${(checkpoints[partition] as string | null) ?? FEED_START}`;
    return pipeline.xrange(partitions.feed(partition), behind, '+', 'COUNT', 1);
  });
  const addedAtMs = (next as [id: string][][]).flat().map(([id]) => Number.parseInt(id, 10));
  return Math.max(0, nowMs - Math.min(nowMs, ...addedAtMs));
}
