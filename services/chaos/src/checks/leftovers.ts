// What may lie in the store when all work has ended: what is documented as staying, and nothing else.

import { GROUP, PARTITION_KEYS, type Partitions } from '@lockstep/store';
import type { Redis } from 'ioredis';

/** Kinds of keys that stay, or that belong to processes which live. */
const STAYING: ReadonlySet<string> = new Set([
  ...([PARTITION_KEYS.log, PARTITION_KEYS.head, PARTITION_KEYS.feed] as const),
  ...([PARTITION_KEYS.workflows, PARTITION_KEYS.ended, PARTITION_KEYS.view] as const),
  ...([PARTITION_KEYS.list, PARTITION_KEYS.lease, PARTITION_KEYS.clock] as const),
  ...([PARTITION_KEYS.workers, PARTITION_KEYS.crew, PARTITION_KEYS.given_up] as const),
  PARTITION_KEYS.dead_roles,
]);
/** Outside of any partition: what is known of effects, and of the installation. */
const OF_INSTALLATION = /^ls:(\{e:.*\}:effect|targets|installation|redrives|members:.*)$/;
const EFFECT = /^ls:\{e:/;
const SETTLED: readonly (string | null)[] = ['committed', 'released', 'compensated'];
const PAGE = 1000;

/** What is left that should not be, in words; nothing when all is as it must be. */
export async function leftovers(redis: Redis, partitions: Partitions): Promise<string[]> {
  const found: string[] = [];
  for (let cursor = '0', isFirst = true; isFirst || cursor !== '0'; isFirst = false) {
    const [next, keys] = await redis.scan(cursor, 'COUNT', PAGE);
    const looked = await Promise.all(keys.map((key) => leftAt(redis, partitions, key)));
    found.push(...looked.flat());
    cursor = next;
  }
  return found;
}

async function leftAt(redis: Redis, partitions: Partitions, key: string): Promise<string[]> {
  const [, tag = '', rest = ''] = /^ls:\{([^}]*)\}:(.*)$/.exec(key) ?? [];
  if (EFFECT.test(key)) return ofEffect(redis, key);
  if (!partitions.tags.includes(tag)) return OF_INSTALLATION.test(key) ? [] : [`key ${key}`];
  const kind = /^[^:]*:?/.exec(rest)?.[0] ?? '';
  if (kind === PARTITION_KEYS.head) return ofHead(redis, key);
  if (STAYING.has(kind)) return [];
  return kind === PARTITION_KEYS.inbox ? ofInbox(redis, key) : ofOthers(redis, key);
}

/** An effect is open no longer. */
async function ofEffect(redis: Redis, key: string): Promise<string[]> {
  const state = await redis.hget(key, 'state');
  return SETTLED.includes(state) ? [] : [`effect ${key} is ${state}`];
}

/** No task is open, no letter lies, and no rollback has forgotten an effect. */
async function ofHead(redis: Redis, key: string): Promise<string[]> {
  const { status, open, parked, undo, ...head } = await redis.hgetall(key);
  const letters = Object.keys(head).filter((field) => field.startsWith('dead:'));
  const standing = undo?.startsWith('0 ')
    ? Object.keys(head).filter((f) => f.startsWith('e:'))
    : [];
  return [
    ...(open === '0' && parked === '0'
      ? []
      : [`${key} is ${status}: ${open} open, ${parked} parked`]),
    ...[...letters, ...standing].map((field) => `${key} has ${field}`),
  ];
}

async function ofInbox(redis: Redis, key: string): Promise<string[]> {
  const messages = await redis.xlen(key);
  const [pending] = (await redis.xpending(key, GROUP).catch(() => [0])) as [number];
  return [
    ...(messages > 0 ? [`${messages} messages in ${key}`] : []),
    ...(pending > 0 ? [`${pending} pending in ${key}`] : []),
  ];
}

/** Timers, tasks held, what is waited for, dead letters: where they are kept is gone with the last. */
async function ofOthers(redis: Redis, key: string): Promise<string[]> {
  const type = await redis.type(key);
  if (type === 'stream') return (await redis.xlen(key)) > 0 ? [`letters in ${key}`] : [];
  if (type === 'zset')
    return (await redis.zrange(key, '0', '4')).map((each) => `${each} in ${key}`);
  if (type === 'set') return (await redis.smembers(key)).map((each) => `${each} in ${key}`);
  return type === 'none' ? [] : [`key ${key}`];
}
