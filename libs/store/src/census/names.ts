// Keys that nobody lists anywhere: they are found by looking through all keys of the server, a page at a time.
//
//   However many keys there are, the search takes a small part of the server's time: it grows longer, not harder.

import type { Redis } from 'ioredis';
import { PARTITION_KEYS, type Partitions } from '../keys.js';

/** A key of some partition, by what it is called behind the partition's part. */
export interface NamedKey {
  readonly partition: number;
  readonly key: string;
  readonly name: string;
}

export interface Names {
  /** By `<role>@<major>`. */
  readonly inboxes: readonly NamedKey[];
  /** Dead letters by role. */
  readonly dead: readonly NamedKey[];
  /** Lists of a tenant's views by their status, whatever their type. */
  readonly lists: readonly NamedKey[];
  /** Effects that are not settled, by tenant. */
  readonly unsettled: readonly NamedKey[];
}

/** Keys that one call looks at: about half a millisecond of the server. */
const PAGE = 1000;
const NEXT_PAGE_MS = 50;
const NEXT_SEARCH_MS = 30_000;
/** Begins like inbox, dead, list and unsettled. What else fits is few, and sorted out here. */
const PATTERN = 'ls:{*}:[idlu][nei]*';

export class NameSearch {
  private cursor = '0';
  private readonly found = new Set<string>();
  private complete: Names | null = null;

  constructor(
    private readonly redis: Pick<Redis, 'scan'>,
    private readonly partitions: Partitions,
  ) {}

  /** As the last search found them; null before the first has ended. */
  get names(): Names | null {
    return this.complete;
  }

  /** What has been found of a search that goes on. */
  get soFar(): Names {
    return this.sorted();
  }

  /** Looks at one page. Answers when to look at the next, unit ms. */
  async step(): Promise<number> {
    const [cursor, keys] = await this.redis.scan(this.cursor, 'MATCH', PATTERN, 'COUNT', PAGE);
    for (const key of keys) this.found.add(key);
    this.cursor = cursor;
    if (cursor !== '0') return NEXT_PAGE_MS;
    this.complete = this.sorted();
    this.found.clear();
    return NEXT_SEARCH_MS;
  }

  private sorted(): Names {
    const { inbox, dead, list, unsettled } = PARTITION_KEYS;
    const lists = this.of(list).filter(({ name }) => /:[*]:[^:*]+$/.test(name));
    const effects = this.of(unsettled);
    return { inboxes: this.of(inbox), dead: this.of(dead), lists, unsettled: effects };
  }

  private of(kind: string): NamedKey[] {
    return [...this.found].flatMap((key) => {
      const [, tag = '', rest = ''] = /^ls:\{([^}]*)\}:(.*)$/.exec(key) ?? [];
      const partition = this.partitions.tags.indexOf(tag);
      if (partition < 0 || !rest.startsWith(kind)) return [];
      return [{ partition, key, name: rest.slice(kind.length) }];
    });
  }
}
