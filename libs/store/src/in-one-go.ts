import type { ChainableCommander, Redis } from 'ioredis';

/**
 * Asks something of every item in one round trip; the replies come in the order of the items.
 *
 * @throws the first error among the replies
 */
export async function inOneGo<T>(
  redis: Redis,
  items: readonly T[],
  add: (pipeline: ChainableCommander, item: T) => ChainableCommander,
): Promise<unknown[]> {
  const pipeline = redis.pipeline();
  for (const item of items) add(pipeline, item);
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
}
