// The one loop that reads the feed for all partitions of this process.
//
//   L1. One blocking read covers every partition that has time for more.
//   L2. A partition that takes long is left to itself: the others are read on.
//   L3. A turn is followed by a rest, unless there is more to read.

import { setTimeout as pause } from 'node:timers/promises';
import type { FeedEntry, FeedReader } from '@lockstep/store';
import type { Projection } from './projection.js';
import { restMs } from './rest.js';

/** Positions a partition and read, and how long a read waits for the first. */
const READ = { count: 500, blockMs: 250 };
const IDLE_MS = 50;
const RETRY_MS = 200;
/** A partition that needs longer than this is left to itself. */
const LONG_MS = 250;

export interface FollowerEvents {
  turned(): void;
  failed(error: unknown): void;
}

export class Follower {
  private readonly ended = new AbortController();
  private following: Promise<void> = Promise.resolve();

  /** @param feed - over a connection of its own: a blocking read holds it */
  constructor(
    private readonly feed: Pick<FeedReader, 'read'>,
    private readonly projections: () => readonly Projection[],
    private readonly events: FollowerEvents,
  ) {}

  start(): void {
    this.following = this.follow();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await this.following;
  }

  private async follow(): Promise<void> {
    while (!this.ended.signal.aborted) {
      await this.turn().catch(async (error: unknown) => {
        this.events.failed(error);
        await this.rest(RETRY_MS);
      });
      this.events.turned();
    }
  }

  private async turn(): Promise<void> {
    const ready = this.projections().filter((projection) => projection.isReady);
    for (const projection of ready) if (!projection.isBuilt) void projection.rebuild();
    const following = ready.filter((projection) => projection.isBuilt);
    if (following.length === 0) return this.rest(IDLE_MS);
    const entries = await this.feed.read(positionsOf(following), READ); // L1
    const news = Map.groupBy(entries, ({ partition }) => partition);
    const beganMs = performance.now();
    await this.work(following, news);
    await this.rest(restMs(performance.now() - beganMs, news, READ.count)); // L3
  }

  private async work(
    following: readonly Projection[],
    news: ReadonlyMap<number, readonly FeedEntry[]>,
  ): Promise<void> {
    const work = following.map((each) => each.follow(news.get(each.lease.partition) ?? []));
    await Promise.race([Promise.all(work), pause(LONG_MS)]); // L2
  }

  private async rest(ms: number): Promise<void> {
    if (ms === 0) return;
    await pause(ms, undefined, { signal: this.ended.signal }).catch(() => undefined);
  }
}

const positionsOf = (projections: readonly Projection[]): ReadonlyMap<number, string> =>
  new Map(projections.map(({ lease, checkpoint }) => [lease.partition, checkpoint]));
