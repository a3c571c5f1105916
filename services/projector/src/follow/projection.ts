// The work on one partition, while its lease is ours.
//
//   J1. One thing at a time: a partition gets more to do when it has done what it got.
//   J2. A partition without a checkpoint has no views: they are folded from the logs that its index names.
//   J3. An error leaves the partition alone for a while that doubles; the feed is read again from the checkpoint.
//   J4. However much there is, no more than a page of views is held beside those kept in memory. The checkpoint
//       moves with the last page.

import { FEED_START, type FeedEntry, type View } from '@lockstep/store';
import type { Lease } from '../lease/lease.js';
import type { Tenant } from '../lease/tenancy.js';
import { foldPartition, type FoldPorts } from '../rebuild/fold-partition.js';
import type { Folds } from '../views/folds.js';
import { type News, newsOf } from './news.js';
import { LeaseLost, type ViewWriter } from '../write/view-writer.js';

/** Workflows that are folded and written at a time: a call of the store that long keeps nobody waiting. */
const PAGE = 64;
const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 5000;

export interface ProjectionPorts extends FoldPorts {
  readonly folds: Folds;
}

export interface ProjectionEvents {
  /** What came in the feed is in so many views, the last of it so late. */
  written(views: number, lagMs: number): void;
  /** The view of a workflow is up to a version. */
  projected(view: Pick<View, 'wf' | 'version' | 'status'>): void;
  rebuilt(partition: number, views: number): void;
  /** Another has the lease. */
  fenced(tenant: Tenant): void;
  failed(partition: number, error: unknown): void;
}

export class Projection implements Tenant {
  private readonly stopped = new AbortController();
  private working: Promise<void> | null = null;
  private failures = 0;
  private restsUntilMs = 0;
  private built: boolean;

  constructor(
    private readonly writer: ViewWriter,
    private readonly ports: ProjectionPorts,
    private readonly events: ProjectionEvents,
  ) {
    this.built = writer.checkpoint !== FEED_START;
  }

  get lease(): Lease {
    return this.writer.lease;
  }

  get checkpoint(): string {
    return this.writer.checkpoint;
  }

  /** Whether it may be given more to do (J1). */
  get isReady(): boolean {
    const isFree = this.working === null && !this.stopped.signal.aborted;
    return isFree && performance.now() >= this.restsUntilMs;
  }

  /** Whether there are views that the feed can go on from (J2). */
  get isBuilt(): boolean {
    return this.built;
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.working;
  }

  /** Brings the views up to these entries of the feed. */
  follow(entries: readonly FeedEntry[]): Promise<void> {
    return this.work(() => this.apply(entries));
  }

  /** Folds all views from the logs. */
  rebuild(): Promise<void> {
    return this.work(() => this.foldAll());
  }

  private work(task: () => Promise<void>): Promise<void> {
    this.working = this.attempt(task).finally(() => {
      this.working = null;
    });
    return this.working;
  }

  private async attempt(task: () => Promise<void>): Promise<void> {
    try {
      await task();
      this.failures = 0;
    } catch (error) {
      if (this.stopped.signal.aborted) return;
      if (error instanceof LeaseLost) this.fenced();
      else this.rest(error);
    }
  }

  private async apply(entries: readonly FeedEntry[]): Promise<void> {
    const last = entries.at(-1);
    if (!last) return;
    const news = newsOf(entries);
    let views = 0;
    for (let at = 0; at < news.length; at += PAGE) {
      const isLast = at + PAGE >= news.length;
      views += await this.bringUp(news.slice(at, at + PAGE), isLast ? last.id : this.checkpoint); // J4
    }
    const lagMs = Math.max(0, Date.now() - Number.parseInt(last.id, 10));
    this.events.written(views, lagMs);
  }

  private async bringUp(news: readonly News[], checkpoint: string): Promise<number> {
    const folded = await Promise.all(news.map((each) => this.ports.folds.upTo(each)));
    const views = folded.filter((view) => view !== null);
    this.stopped.signal.throwIfAborted();
    await this.writer.write(views, checkpoint);
    for (const view of views) this.events.projected(view);
    return views.length;
  }

  private async foldAll(): Promise<void> {
    const count = await foldPartition(this.writer, this.ports, this.stopped.signal);
    this.built = true;
    this.events.rebuilt(this.lease.partition, count);
  }

  private fenced(): void {
    this.stopped.abort();
    this.events.fenced(this);
  }

  /** J3 */
  private rest(error: unknown): void {
    this.failures += 1;
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.failures);
    this.restsUntilMs = performance.now() + backoffMs;
    this.events.failed(this.lease.partition, error);
  }
}
