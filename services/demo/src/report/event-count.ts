import type { Redis } from 'ioredis';
import { FEED_START, FeedReader, type Partitions } from '@lockstep/store';

const BLOCK_MS = 500;
const PAGE = 500;

/** Counts events as they are appended, by what the feeds tell of them. */
export class EventCount {
  #total = 0;
  readonly #feed: FeedReader;
  /** The last position that was counted, by partition. */
  readonly #counted: Map<number, string>;

  /** @param redis - a connection of its own: its reads block */
  constructor(redis: Redis, partitions: Partitions) {
    this.#feed = new FeedReader(redis, partitions);
    this.#counted = new Map(partitions.tags.map((_, partition) => [partition, FEED_START]));
  }

  get total(): number {
    return this.#total;
  }

  /** Counts what is appended from now on, until it is aborted. */
  async follow(signal: AbortSignal): Promise<void> {
    for (const partition of this.#counted.keys()) {
      this.#counted.set(partition, await this.#feed.end(partition));
    }
    while (!signal.aborted) {
      for (const { partition, id, from, to } of await this.#read()) {
        this.#counted.set(partition, id);
        this.#total += to - from + 1;
      }
    }
  }

  #read() {
    return this.#feed.read(this.#counted, { count: PAGE, blockMs: BLOCK_MS });
  }
}
