// Reading the feed: which logs grew, and by what. The entries themselves stay in the logs.

import type { Redis } from 'ioredis';
import type { Version, WorkflowId } from '@lockstep/kernel';
import type { Partitions } from './keys.js';

/** The log of `wf` grew by the versions `from` to `to`. */
export interface FeedEntry {
  /** Position in the feed of its partition; logs that grew in one call share it. */
  readonly id: string;
  readonly partition: number;
  readonly wf: WorkflowId;
  readonly from: Version;
  readonly to: Version;
}

/** Before the first entry of a feed. */
export const FEED_START = '0-0';

/** Reads feeds. A reader that waits needs a connection of its own: a blocking read monopolises it. */
export class FeedReader {
  constructor(
    private readonly connection: Redis,
    private readonly partitions: Partitions,
  ) {}

  /**
   * What is behind each partition's checkpoint, each partition's in order.
   *
   * @param checkpoints - by partition; {@link FEED_START} for all there is
   * @param count - positions a partition, at most
   * @param blockMs - how long to wait for the first; 0 does not wait
   */
  async read(
    checkpoints: ReadonlyMap<number, string>,
    { count, blockMs }: { readonly count: number; readonly blockMs: number },
  ): Promise<FeedEntry[]> {
    if (checkpoints.size === 0) return [];
    const partitionOf = new Map([...checkpoints.keys()].map((p) => [this.partitions.feed(p), p]));
    const streams = [...partitionOf.keys(), ...checkpoints.values()];
    const reply = await (blockMs > 0
      ? this.connection.xread('COUNT', count, 'BLOCK', blockMs, 'STREAMS', ...streams)
      : this.connection.xread('COUNT', count, 'STREAMS', ...streams));
    return (reply ?? []).flatMap(([key, entries]) =>
      entries.flatMap((entry) => parseFeedEntry(partitionOf.get(key) ?? 0, entry)),
    );
  }

  /** Position of the newest entry: where a reader begins that wants only what is to come. */
  async end(partition: number): Promise<string> {
    const [entry] = await this.connection.xrevrange(
      this.partitions.feed(partition),
      '+',
      '-',
      'COUNT',
      1,
    );
    return entry?.[0] ?? FEED_START;
  }
}

type StreamEntry = readonly [id: string, fields: readonly string[]];

function parseFeedEntry(partition: number, [id, [, logs = '']]: StreamEntry): FeedEntry[] {
  const words = logs.split(' ');
  const entries: FeedEntry[] = [];
  for (let at = 0; at + 2 < words.length; at += 3) {
    const [wf, from, to] = words.slice(at, at + 3);
    entries.push({ id, partition, wf: wf as WorkflowId, from: Number(from), to: Number(to) });
  }
  return entries;
}

/** Whether one position in a feed comes before another. */
export function isBefore(a: string, b: string): boolean {
  const [aMs = 0, aSequence = 0] = a.split('-').map(Number);
  const [bMs = 0, bSequence = 0] = b.split('-').map(Number);
  return aMs < bMs || (aMs === bMs && aSequence < bSequence);
}
