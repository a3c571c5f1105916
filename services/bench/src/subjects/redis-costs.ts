import type { Redis } from 'ioredis';

/** CPU time that Redis has used, its writing to disk included, unit s. */
export async function redisCpuSeconds(redis: Redis): Promise<number> {
  const info = await redis.info('cpu');
  return infoNumber(info, 'used_cpu_user') + infoNumber(info, 'used_cpu_sys');
}

/** Memory that it uses, unit byte. */
export async function redisBytes(redis: Redis): Promise<number> {
  return infoNumber(await redis.info('memory'), 'used_memory');
}

/** Of that what is data: without its connections and what it needs for itself, unit byte. */
export async function redisDataBytes(redis: Redis): Promise<number> {
  return infoNumber(await redis.info('memory'), 'used_memory_dataset');
}

/** @throws Error when the server does not tell it */
function infoNumber(info: string, name: string): number {
  const value = new RegExp(`^${name}:(.+)$`, 'm').exec(info)?.[1];
  if (value === undefined) throw new Error(`INFO does not tell ${name}`);
  return Number.parseFloat(value);
}
