import type { Redis } from 'ioredis';
import type { Partitions } from '@lockstep/store';

const BLOCK_MS = 500;
const PAGE = 500;

/** Counts events as they are appended, by the feeds' references to them. */
export class EventCount {
  #total = 0;
  readonly #lastIds: Map<string, string>;

  /** @param redis - a connection of its own: its reads block */
  constructor(
    private readonly redis: Redis,
    partitions: Partitions,
  ) {
    const now = `${Date.now()}-0`;
    this.#lastIds = new Map(partitions.tags.map((_, at) => [partitions.feed(at), now]));
  }

  get total(): number {
    return this.#total;
  }

  /** Counts until it is aborted. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      for (const [feed, entries] of await this.#read()) {
        for (const [id, fields] of entries) {
          this.#lastIds.set(feed, id);
          this.#total += sizeOf(fields);
        }
      }
    }
  }

  async #read() {
    const feeds = [...this.#lastIds.keys()];
    const after = [...this.#lastIds.values()];
    const page = ['COUNT', PAGE, 'BLOCK', BLOCK_MS] as const;
    return (await this.redis.xread(...page, 'STREAMS', ...feeds, ...after)) ?? [];
  }
}

/** A reference has the fields `wf`, `from` and `to`, in this order. */
function sizeOf([, , , from, , to]: readonly string[]): number {
  return Number(to) - Number(from) + 1;
}
