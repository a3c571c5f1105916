import type { Redis } from 'ioredis';
import type { Partitions } from '../keys.js';

/** Every worker that some partition knows. */
export async function registeredWorkers(
  redis: Pick<Redis, 'zrange'>,
  partitions: Partitions,
): Promise<Set<string>> {
  const keys = partitions.tags.map((_, partition) => partitions.workers(partition));
  return new Set((await Promise.all(keys.map((key) => redis.zrange(key, '0', '-1')))).flat());
}
