import type { Redis } from 'ioredis';

/** What of a key's name says of what kind it is: `log` of `ls:{7}:log:…`. */
const KIND = /^ls:(?:\{[^}]*\}:)?([^:]+)/;

/** How many keys there are of each kind. */
export async function keysByKind(redis: Redis): Promise<Readonly<Record<string, number>>> {
  const found = new Map<string, number>();
  for await (const keys of redis.scanStream({ count: 1000 })) {
    for (const key of keys as string[]) {
      const kind = KIND.exec(key)?.[1] ?? key;
      found.set(kind, (found.get(kind) ?? 0) + 1);
    }
  }
  return Object.fromEntries(found);
}
