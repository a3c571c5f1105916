import type { Redis } from 'ioredis';

type Dump = Record<string, unknown>;

/** Everything that a server holds, by key, each in an order that does not depend on how it came there. */
export async function dump(
  redis: Redis,
  ignore: (key: string) => boolean = () => false,
): Promise<Dump> {
  const keys = (await redis.keys('*')).filter((key) => !ignore(key)).sort();
  const values = await Promise.all(keys.map((key) => valueOf(redis, key)));
  return Object.fromEntries(keys.map((key, at) => [key, values[at]]));
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'hash':
      return redis.hgetall(key);
    case 'set':
      return (await redis.smembers(key)).sort();
    case 'zset':
      return redis.zrange(key, '0', '-1', 'WITHSCORES');
    case 'stream':
      return [await redis.xrange(key, '-', '+'), await pending(redis, key)];
    default:
      return redis.get(key);
  }
}

async function pending(redis: Redis, key: string): Promise<unknown> {
  const groups = (await redis.xinfo('GROUPS', key)) as unknown[][];
  return groups.map((group) => [group[1], group[5]]);
}
