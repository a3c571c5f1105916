// Starts workflows as the gateway does, and follows the feed as it does: an append that may be a workflow's
// last one makes its head worth a look. One that is alone is waited for at its own log instead: the feed would
// wake this process at each of its steps, on the processors that the step needs.

import type { AnyWorkflow } from '@lockstep/contracts';
import {
  connectRedis,
  duplicateForLoop,
  type FeedEntry,
  FeedReader,
  HeadReader,
  Partitions,
  randomWorkflowId,
  Store,
} from '@lockstep/store';
import type { Version, WorkflowId } from '@lockstep/kernel';
import type { Redis } from 'ioredis';
import type { JobClient } from '../driver/job-client.js';
import type { Drive } from '../driver/drive.js';
import { type JobKind, LEGS, PARTS, TEXT } from '../jobs/jobs.js';
import { relay, share, walk } from './contracts.js';
import { PARTITIONS } from './installation.js';
import { LogEnd } from './log-end.js';
import { startOf } from './start-of.js';

const READ = { count: 1000, blockMs: 1000 } as const;

interface Kind {
  readonly workflow: AnyWorkflow;
  readonly request: unknown;
  /** Its log is no shorter at its end: the workflow's start, each task scheduled, started and ended, its steps. */
  readonly endsFrom: Version;
}

const kinds: Record<JobKind, (drive: Drive) => Kind> = {
  walk: (drive) => ({ workflow: walk, request: drive.walk, endsFrom: 4 + drive.walk.steps }),
  relay: () => ({
    workflow: relay,
    request: { number: 0, text: TEXT },
    endsFrom: 1 + 3 * LEGS.length,
  }),
  share: () => ({ workflow: share, request: null, endsFrom: 1 + 3 * (PARTS + 1) }),
};

export class LockstepClient implements JobClient {
  onEnded: JobClient['onEnded'] = () => undefined;
  lastEnded: WorkflowId | undefined;
  private readonly inFlight = new Set<WorkflowId>();
  private readonly store: Store;
  private readonly feed: FeedReader;
  private readonly heads: HeadReader;
  private readonly logEnd: LogEnd;
  private followed: Promise<void> | undefined;

  private constructor(
    redis: Redis,
    private readonly partitions: Partitions,
    private readonly kind: Kind,
  ) {
    this.store = new Store(redis, partitions);
    this.feed = new FeedReader(duplicateForLoop(redis), partitions);
    this.heads = new HeadReader(redis, partitions);
    this.logEnd = new LogEnd(redis, partitions);
  }

  static open(drive: Drive): LockstepClient {
    const redis = connectRedis({ url: drive.redisUrl, name: 'bench-driver' });
    const kind = kinds[drive.kind](drive);
    return new LockstepClient(redis, new Partitions(PARTITIONS), kind);
  }

  async start(count: number): Promise<void> {
    if (count === 1 && this.inFlight.size === 0) return this.runAlone();
    await (this.followed ??= this.followFeed());
    await Promise.all(Array.from({ length: count }, () => this.startOne(this.next())));
  }

  private async runAlone(): Promise<void> {
    const wf = this.next();
    const ended = this.logEnd.of(wf, this.kind.endsFrom);
    const [atMs] = await Promise.all([ended, this.startOne(wf)]);
    this.ended([wf], atMs);
  }

  private next(): WorkflowId {
    const wf = randomWorkflowId();
    this.inFlight.add(wf);
    return wf;
  }

  private async startOne(wf: WorkflowId): Promise<void> {
    const { workflow, request } = this.kind;
    await this.store.start(startOf(wf, workflow, request));
  }

  /** From the end that the feed has now. */
  private async followFeed(): Promise<void> {
    const ends = this.partitions.tags.map(async (_, at) => [at, await this.feed.end(at)] as const);
    void this.follow(new Map(await Promise.all(ends)));
  }

  private async follow(checkpoints: Map<number, string>): Promise<never> {
    for (;;) {
      const entries = await this.feed.read(checkpoints, READ);
      const atMs = performance.now();
      for (const { partition, id } of entries) checkpoints.set(partition, id);
      const candidates = entries.filter((entry) => this.mayEnd(entry));
      if (candidates.length > 0) void this.look(candidates, atMs);
    }
  }

  private mayEnd({ wf, to }: FeedEntry): boolean {
    return to >= this.kind.endsFrom && this.inFlight.has(wf);
  }

  private async look(candidates: readonly FeedEntry[], atMs: number): Promise<void> {
    const ended = await Promise.all(candidates.map(({ wf }) => this.hasEnded(wf)));
    this.ended(
      candidates.flatMap(({ wf }, at) => (ended[at] ? wf : [])),
      atMs,
    );
  }

  private ended(wfs: readonly WorkflowId[], atMs: number): void {
    const news = wfs.filter((wf) => this.inFlight.delete(wf));
    if (news.length === 0) return;
    this.lastEnded = news[0];
    this.onEnded(news.length, atMs);
  }

  private async hasEnded(wf: WorkflowId): Promise<boolean> {
    const head = await this.heads.read(wf);
    if (head?.status === 'parked') throw new Error(`${wf} was parked`);
    return head?.status === 'completed';
  }
}
