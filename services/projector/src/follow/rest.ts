import type { FeedEntry } from '@lockstep/store';

/** In lengths of the turn before. */
const LENGTHS = 10;
/** So late may a view be under load. */
const MOST_MS = 300;

/**
 * How long to rest after a turn, unit ms: several times as long as the turn, up to a limit. So an event after a
 * silence is in its view at once, and under load many events of a workflow come together and cost one write of its
 * view. Who is behind does not rest.
 *
 * @param news - what the turn got, by partition
 * @param mostPositions - that it could have got of a partition
 */
export function restMs(
  turnMs: number,
  news: ReadonlyMap<number, readonly FeedEntry[]>,
  mostPositions: number,
): number {
  const isBehind = [...news.values()].some((entries) => positionsIn(entries) >= mostPositions);
  return isBehind || news.size === 0 ? 0 : Math.min(turnMs * LENGTHS, MOST_MS);
}

const positionsIn = (entries: readonly FeedEntry[]): number =>
  new Set(entries.map(({ id }) => id)).size;
