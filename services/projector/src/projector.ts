import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Loops, Metrics, RedisConnections, workBindings } from '@lockstep/host';
import type { WorkflowId } from '@lockstep/kernel';
import { FeedReader, LogReader, Partitions, Store, type View, ViewReader } from '@lockstep/store';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Redis } from 'ioredis';
import { PinoLogger } from 'nestjs-pino';
import { ProjectorConfig } from './config.js';
import { Follower } from './follow/follower.js';
import { Projection } from './follow/projection.js';
import type { Lease } from './lease/lease.js';
import { Members } from './lease/members.js';
import { Tenancy, type Tenant } from './lease/tenancy.js';
import { projectorMetrics, type ProjectorMetrics } from './metrics.js';
import { Folds } from './views/folds.js';
import { ViewWriter } from './write/view-writer.js';

/** Of JSON text, what all partitions together may keep in memory. */
const CACHE_CHARS = 64 * 1024 * 1024;

/** Folds the feeds of its share of the partitions, from the start of its process to its end. */
@Injectable()
export class Projector implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly ended = new AbortController();
  private readonly redis: Redis;
  private readonly store: Store;
  private readonly counted: ProjectorMetrics;
  private readonly tenancy: Tenancy<Projection>;
  private readonly follower: Follower;
  private readonly renewEveryMs: number;
  private renewing: Promise<void> = Promise.resolve();

  constructor(
    connections: RedisConnections,
    private readonly loops: Loops,
    private readonly logger: PinoLogger,
    { partitions, projectorLeaseMs: leaseMs }: ProjectorConfig,
    metrics: Metrics,
  ) {
    const owner = `projector-${process.pid}-${randomBytes(6).toString('hex')}`;
    this.redis = connections.connect(`ls:${owner}`);
    this.store = new Store(this.redis, new Partitions(partitions));
    this.renewEveryMs = leaseMs / 4;
    const members = new Members(this.redis, owner, leaseMs);
    this.tenancy = new Tenancy(this.store, members, owner, leaseMs, (lease, checkpoint) =>
      this.projection(lease, checkpoint),
    );
    this.counted = projectorMetrics(metrics, () => this.tenancy.held.size);
    const feed = new FeedReader(connections.connectLoop(this.redis), this.store.partitions);
    this.follower = new Follower(feed, () => this.projections(), {
      turned: loops.watch('follow'),
      failed: this.failedIn('follow'),
    });
  }

  onApplicationBootstrap(): void {
    this.renewing = this.renew();
    this.follower.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ended.abort();
    await Promise.all([this.renewing, this.follower.stop()]);
    await this.tenancy.end();
  }

  private async renew(): Promise<void> {
    const { signal } = this.ended;
    const turned = this.loops.watch('lease');
    while (!signal.aborted) {
      await this.tenancy.turn().catch(this.failedIn('lease'));
      turned();
      await pause(this.renewEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private projections(): Projection[] {
    return [...this.tenancy.held.values()];
  }

  private projection(lease: Lease, checkpoint: string): Projection {
    const { redis, store, counted } = this;
    const { partitions } = store;
    this.logger.info({ partition: lease.partition, checkpoint }, 'projects a partition');
    const folds = new Folds(
      new LogReader(redis, partitions),
      new ViewReader(redis, partitions),
      { folded: counted.folded, rewound: this.rewound, unfoldable: this.unfoldable },
      CACHE_CHARS / partitions.count,
    );
    const feed = new FeedReader(redis, partitions);
    const writer = new ViewWriter(lease, checkpoint, store);
    return new Projection(
      writer,
      { redis, partitions, feed, folds },
      {
        written: (views, lagMs) => {
          counted.written(views, lagMs);
        },
        projected: this.projected,
        rebuilt: this.rebuilt,
        fenced: this.fenced,
        failed: this.failedIn('project'),
      },
    );
  }

  private readonly projected = ({
    wf,
    version,
    status,
  }: Pick<View, 'wf' | 'version' | 'status'>): void => {
    if (!this.logger.logger.isLevelEnabled('debug')) return;
    this.logger.debug({ ...workBindings({ workflow: wf }), version, status }, 'a view was written');
  };

  private readonly rewound = (wf: WorkflowId): void => {
    this.counted.rewound();
    this.logger.warn(workBindings({ workflow: wf }), 'a log was rewound: its view is folded anew');
  };

  private readonly unfoldable = (wf: WorkflowId, err: unknown): void => {
    this.counted.unfoldable();
    this.logger.error({ err, ...workBindings({ workflow: wf }) }, 'a log cannot be folded');
  };

  private readonly rebuilt = (partition: number, views: number): void => {
    this.counted.rebuilt(views);
    this.logger.info({ partition, views }, 'the views of a partition were folded from its logs');
  };

  private readonly fenced = (tenant: Tenant): void => {
    this.counted.fenced();
    this.logger.info({ partition: tenant.lease.partition }, 'a partition is another projector’s');
    this.tenancy.lost(tenant).catch(this.failedIn('lease'));
  };

  private failedIn(loop: string): (...context: unknown[]) => void {
    return (...context) => {
      this.counted.failed(loop);
      this.logger.error({ err: context.at(-1), loop }, 'a turn failed');
    };
  }
}
