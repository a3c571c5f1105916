// Reading sorted sets whose scores are times as one list, the newest first, a page at a time.

import type { Redis } from 'ioredis';
import { inOneGo } from './in-one-go.js';

/** A member of such a set: its place in the list is by time, then by name. */
export interface Dated {
  readonly atMs: number;
  readonly member: string;
}

export interface DatedPage {
  readonly places: readonly Dated[];
  /** The place behind which the next page begins; null when this was the last page. */
  readonly next: Dated | null;
}

/** Before all others. */
const NEWEST: Dated = { atMs: Infinity, member: '' };

/**
 * A page of all sets together.
 *
 * @param before - `next` of the page before; default: from the newest
 */
export async function newestOf(
  redis: Redis,
  keys: readonly string[],
  limit: number,
  before = NEWEST,
): Promise<DatedPage> {
  const found = await behind(redis, keys, limit + 1, before);
  const places = found.slice(0, limit);
  return { places, next: found.length > limit ? (places.at(-1) ?? null) : null };
}

async function behind(
  redis: Redis,
  keys: readonly string[],
  limit: number,
  before: Dated,
): Promise<Dated[]> {
  // Those of the very same time stand on both sides of the place.
  const equal = await inOneGo(redis, keys, (pipeline, key) =>
    pipeline.zcount(key, before.atMs, before.atMs),
  );
  const found = await inOneGo(redis, keys, (pipeline, key) => {
    const most = limit + Number(equal[keys.indexOf(key)]);
    return pipeline.zrevrangebyscore(key, before.atMs, '-inf', 'WITHSCORES', 'LIMIT', 0, most);
  });
  return found
    .flatMap((members) => datedOf(members as string[]))
    .filter((place) => isNewer(before, place))
    .sort((a, b) => (isNewer(a, b) ? -1 : 1))
    .slice(0, limit);
}

const isNewer = (a: Dated, b: Dated): boolean =>
  a.atMs === b.atMs ? a.member > b.member : a.atMs > b.atMs;

function datedOf(flat: readonly string[]): Dated[] {
  const places: Dated[] = [];
  for (let at = 0; at < flat.length; at += 2) {
    places.push({ member: flat[at] ?? '', atMs: Number(flat[at + 1]) });
  }
  return places;
}
