// Starts workflows as the gateway does, and follows the feed as it does: an append that may be a workflow's
// last one makes its head worth a look.

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
import type { JobClient } from '../driver/job-client.js';
import type { Drive } from '../driver/drive.js';
import { type JobKind, LEGS, PARTS, TEXT } from '../jobs/jobs.js';
import { relay, share, walk } from './contracts.js';
import { PARTITIONS } from './installation.js';
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

  private constructor(
    private readonly store: Store,
    private readonly feed: FeedReader,
    private readonly heads: HeadReader,
    private readonly kind: Kind,
  ) {}

  static async open(drive: Drive): Promise<LockstepClient> {
    const redis = connectRedis({ url: drive.redisUrl, name: 'bench-driver' });
    const partitions = new Partitions(PARTITIONS);
    const feed = new FeedReader(duplicateForLoop(redis), partitions);
    const client = new LockstepClient(
      new Store(redis, partitions),
      feed,
      new HeadReader(redis, partitions),
      kinds[drive.kind](drive),
    );
    const ends = partitions.tags.map(async (_, at) => [at, await feed.end(at)] as const);
    void client.follow(new Map(await Promise.all(ends)));
    return client;
  }

  async start(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.startOne()));
  }

  private async startOne(): Promise<void> {
    const wf = randomWorkflowId();
    this.inFlight.add(wf);
    const { workflow, request } = this.kind;
    await this.store.start(startOf(wf, workflow, request));
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
    const news = candidates.filter(({ wf }, at) => ended[at] && this.inFlight.delete(wf));
    if (news.length === 0) return;
    this.lastEnded = news[0]?.wf;
    this.onEnded(news.length, atMs);
  }

  private async hasEnded(wf: WorkflowId): Promise<boolean> {
    const head = await this.heads.read(wf);
    if (head?.status === 'parked') throw new Error(`${wf} was parked`);
    return head?.status === 'completed';
  }
}
