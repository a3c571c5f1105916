import { Redis } from 'ioredis';
import { CliError, UsageError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';

/** For the connection, and for each command; unit ms. */
const PATIENCE_MS = 10_000;

/**
 * Connects once: a doctor who waits for Redis to come back tells nothing.
 *
 * @param url - `redis://` or `rediss://`, with user and password where the server has them
 * @throws UsageError, CliError when it does not answer
 */
export async function connectOnce(url: string): Promise<Redis> {
  if (!/^rediss?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new UsageError('--redis is no address of a Redis', 'say redis://… or rediss://…');
  }
  const redis = new Redis(url, {
    connectionName: 'doctor',
    lazyConnect: true,
    connectTimeout: PATIENCE_MS,
    commandTimeout: PATIENCE_MS,
    retryStrategy: () => null,
  });
  let reason = 'it does not answer';
  redis.on('error', (error: Error) => (reason = error.message || String(error)));
  try {
    await redis.connect();
    return redis;
  } catch (cause) {
    redis.disconnect();
    throw new CliError(
      EXIT.unreachable,
      `Redis cannot be reached at ${withoutSecret(url)}: ${reason}`,
      'name it by --redis or LOCKSTEP_REDIS_URL, as the services do; nothing goes on without it',
      { cause },
    );
  }
}

/** It was there when the doctor came. */
export class RedisLost extends CliError {
  constructor(cause: Error) {
    super(EXIT.unreachable, `Redis went away: ${cause.message}`, 'ask again', { cause });
  }
}

const withoutSecret = (url: string): string => url.replace(/\/\/[^/@]*@/, '//(hidden)@');
