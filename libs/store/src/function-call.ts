import type { Redis } from 'ioredis';
import { loadLibrary } from './library.js';

export type Reply = readonly (string | number)[];

/**
 * Calls one operation of a library. A server that lost the library, or one that was added, gets it from whoever
 * needs it first (S10).
 */
export async function callFunction(
  redis: Redis,
  library: string,
  operation: string,
  key: string,
  args: readonly (string | number)[],
): Promise<Reply> {
  const name = `${library}_${operation}`;
  try {
    return (await redis.fcall(name, 1, key, ...args)) as Reply;
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('Function not found')) throw error;
    await loadLibrary(redis);
    return (await redis.fcall(name, 1, key, ...args)) as Reply;
  }
}
