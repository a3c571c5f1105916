import { Redis } from 'ioredis';

/**
 * Between tries to reconnect, unit ms: random up to a ceiling that doubles to the cap (full jitter). The first is
 * soon: a worker that was cut off is back before a supervisor takes it for dead.
 */
const RECONNECT = { baseMs: 5, capMs: 1500 } as const;
/** A connection that owes an answer for so long is given up and made anew; longer than any BLOCK. */
const SILENCE_MS = 10_000;

export interface RedisAddress {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  /** Where the URL has none; empty or absent: none. */
  readonly password?: string;
  /** What CLIENT LIST shows, on every connection. */
  readonly name: string;
}

/**
 * Connects to a Redis, and again whenever the connection breaks. Commands wait for the connection, and those
 * without an answer are sent again: every function of the library may be repeated (S12).
 */
export function connectRedis({ url, password, name }: RedisAddress): Redis {
  return new Redis(url, {
    ...(password && { password }),
    connectionName: name,
    maxRetriesPerRequest: null,
    autoResendUnfulfilledCommands: true,
    socketTimeout: SILENCE_MS,
    retryStrategy: reconnectInMs,
  });
}

/** A connection like `redis` for one loop that blocks: nothing else may wait behind its reads. */
export function duplicateForLoop(redis: Redis): Redis {
  return redis.duplicate();
}

const reconnectInMs = (attempt: number): number =>
  Math.random() * Math.min(RECONNECT.capMs, RECONNECT.baseMs * 2 ** attempt);
