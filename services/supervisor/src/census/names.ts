import { PARTITION_KEYS, type Partitions } from '@lockstep/store';
import type { Redis } from 'ioredis';

/** A key of some partition, by what it is called behind the partition's part. */
export interface NamedKey {
  readonly partition: number;
  readonly key: string;
  readonly name: string;
}

/** Keys that nobody lists anywhere: they are found by looking through all keys of the server. */
export interface Names {
  /** By `<role>@<major>`. */
  readonly inboxes: readonly NamedKey[];
  /** Dead letters by role. */
  readonly dead: readonly NamedKey[];
  /** Lists of a tenant's views by their status, whatever their type. */
  readonly lists: readonly NamedKey[];
}

export const NO_NAMES: Names = { inboxes: [], dead: [], lists: [] };

/** Keys that one call looks at. */
const COUNT = 1000;

export async function findNames(redis: Redis, partitions: Partitions): Promise<Names> {
  const { inbox, dead, list } = PARTITION_KEYS;
  const find = (kind: string, pattern: string): Promise<NamedKey[]> =>
    namedKeys(redis, partitions, kind, pattern);
  return {
    inboxes: await find(inbox, '*'),
    dead: await find(dead, '*'),
    lists: (await find(list, '*:[*]:*')).filter(({ name }) => !name.endsWith('*')),
  };
}

async function namedKeys(
  redis: Redis,
  { tags }: Partitions,
  kind: string,
  pattern: string,
): Promise<NamedKey[]> {
  const keys = new Set<string>();
  for await (const page of redis.scanStream({ match: `ls:{*}:${kind}${pattern}`, count: COUNT })) {
    for (const key of page as string[]) keys.add(key);
  }
  return [...keys].flatMap((key) => {
    const [, tag = '', name] = /^ls:\{([^}]*)\}:[^:]*:(.*)$/.exec(key) ?? [];
    const partition = tags.indexOf(tag);
    return name === undefined || partition < 0 ? [] : [{ partition, key, name }];
  });
}
