// The work on one partition, while its lease is ours.
//
//   J1. One thing at a time: a partition gets more to do when it has done what it got.
//   J2. A partition without a checkpoint has no views: they are folded from the logs that its index names.
//   J3. An error leaves the partition alone for a while that doubles; the feed is read again from the checkpoint.

import { FEED_START, type FeedEntry } from '@lockstep/store';
import type { Lease } from '../lease/lease.js';
import type { Tenant } from '../lease/tenancy.js';
import { foldPartition, type FoldPorts } from '../rebuild/fold-partition.js';
import type { Folds } from '../views/folds.js';
import { LeaseLost, type ViewWriter } from '../write/view-writer.js';

const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 5000;

export interface ProjectionPorts extends FoldPorts {
  readonly folds: Folds;
}

export interface ProjectionEvents {
  written(views: number, lagMs: number): void;
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
    const ends = new Map(entries.map(({ wf, to }) => [wf, to]));
    const folded = await Promise.all([...ends].map(([wf, to]) => this.ports.folds.upTo(wf, to)));
    const views = folded.filter((view) => view !== null);
    this.stopped.signal.throwIfAborted();
    await this.writer.write(views, last.id);
    this.events.written(views.length, Math.max(0, Date.now() - Number.parseInt(last.id, 10)));
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
