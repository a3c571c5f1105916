import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startRedis } from '@lockstep/testing';

export interface RedisInUse {
  readonly url: string;
  /** Ends it, if it was started here; its data stays in the run's folder. */
  stop(): Promise<void>;
}

/**
 * The Redis that a setting names, or one of this run's own: append-only file on, in the run's folder.
 *
 * @param url - of a server that runs already
 */
export async function redisFor(folder: string, url: string | undefined): Promise<RedisInUse> {
  if (url) return { url, stop: () => Promise.resolve() };
  const dir = join(folder, 'redis');
  await mkdir(dir, { recursive: true });
  return startRedis({ dir });
}
