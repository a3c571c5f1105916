import { Health, Metrics, RedisConnections } from '@lockstep/host';
import { DEFAULT_LIMITS, Partitions, Store } from '@lockstep/store';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Redis } from 'ioredis';
import { PinoLogger } from 'nestjs-pino';
import { SupervisorConfig } from './config.js';
import { firing, reaping, trimming } from './duties.js';
import { supervisorMetrics, type SupervisorMetrics } from './metrics/supervisor-metrics.js';
import { Patrol, type Round } from './patrol/patrol.js';
import { WorkerWatch } from './workers/watch.js';

/** A duty whose loop has marked no progress for this long is stuck, unit ms. */
const STUCK_MS = 15_000;

/** Runs the duties of a supervisor from the start of its process to its end. */
@Injectable()
export class Supervisor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly redis: Redis;
  private readonly store: Store;
  private readonly counted: SupervisorMetrics;
  private readonly watch: WorkerWatch;
  private readonly patrols: readonly Patrol[];

  constructor(
    private readonly connections: RedisConnections,
    private readonly health: Health,
    private readonly logger: PinoLogger,
    config: SupervisorConfig,
    metrics: Metrics,
  ) {
    this.redis = connections.connect('supervisor');
    const limits = { ...DEFAULT_LIMITS, crashBudget: config.crashBudget };
    this.store = new Store(this.redis, new Partitions(config.partitions), limits);
    this.counted = supervisorMetrics(metrics);
    this.watch = this.watchWorkers(config.watchMs);
    const suspects = (): readonly string[] => this.watch.suspected;
    this.patrols = [
      this.patrol('reap', reaping(this.store, suspects, this.counted)),
      this.patrol('fire', firing(this.store, this.counted)),
      this.patrol('trim', trimming(this.store, this.counted)),
    ];
  }

  onApplicationBootstrap(): void {
    this.watch.start();
    for (const patrol of this.patrols) patrol.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.watch.stop(), ...this.patrols.map((patrol) => patrol.stop())]);
  }

  private watchWorkers(everyMs: number): WorkerWatch {
    const failed = (error: unknown): void => {
      this.failed('watch', error);
    };
    const redis = this.connections.connect('supervisor-watch');
    return new WorkerWatch(
      redis,
      this.store,
      everyMs,
      (found) => {
        this.counted.suspected(found.length);
        this.logger.info({ workers: found }, 'workers without a connection: taken for dead');
        this.reapNow(found);
      },
      failed,
    );
  }

  /** The patrol would come by soon; a killed process need not wait for it. */
  private reapNow(suspects: readonly string[]): void {
    const reap = reaping(this.store, () => suspects, this.counted);
    for (const partition of this.store.partitions.tags.keys()) {
      reap(partition).catch((error: unknown) => {
        this.failed('reap', error);
      });
    }
  }

  private patrol(duty: string, round: Round): Patrol {
    let turnedMs = performance.now();
    this.health.liveWhile(duty, () => {
      const restMs = performance.now() - turnedMs;
      // While the store is away a loop waits for it: that is not ready, and not stuck.
      if (this.redis.status === 'ready' && restMs > STUCK_MS)
        throw new Error(`the loop ${duty} is stuck for ${Math.round(restMs)} ms`);
    });
    return new Patrol(this.store.partitions.count, round, {
      turned: () => {
        turnedMs = performance.now();
      },
      failed: (partition, error) => {
        this.failed(duty, error, partition);
      },
    });
  }

  private failed(duty: string, error: unknown, partition?: number): void {
    this.counted.failed(duty);
    this.logger.error({ err: error, duty, partition }, 'a round failed');
  }
}
