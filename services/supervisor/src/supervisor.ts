import { randomUUID } from 'node:crypto';
import { Loops, Metrics, RedisConnections, workBindings } from '@lockstep/host';
import {
  DEFAULT_LIMITS,
  DeadLetterReader,
  EndedReader,
  HeadReader,
  LetterRedriver,
  LogReader,
  Partitions,
  RedriveJobs,
  Store,
} from '@lockstep/store';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Redis } from 'ioredis';
import { PinoLogger } from 'nestjs-pino';
import { Archive } from './archive/archive.js';
import { CensusTaker } from './census/census-taker.js';
import { type NamedKey, NameSearch } from '@lockstep/store';
import { SupervisorConfig } from './config.js';
import { firing, forgetting, reaping, trimming } from './duties/duties.js';
import { Patrol, type Round } from './duties/patrol.js';
import { type RetentionPorts, retiring } from './retention/retiring.js';
import { redriving } from './redrives/redrives.js';
import { type Duty, supervisorMetrics, type SupervisorMetrics } from './supervisor-metrics.js';
import { Guesses } from './workers/guesses.js';
import type { Pace } from './workers/pace.js';
import { WorkerWatch } from './workers/watch.js';

/** Runs the duties of a supervisor from the start of its process to its end. */
@Injectable()
export class Supervisor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly redis: Redis;
  private readonly store: Store;
  private readonly counted: SupervisorMetrics;
  private readonly patrols: readonly Patrol[];

  constructor(
    connections: RedisConnections,
    private readonly loops: Loops,
    private readonly logger: PinoLogger,
    config: SupervisorConfig,
    metrics: Metrics,
  ) {
    this.redis = connections.connect('supervisor');
    const partitions = new Partitions(config.partitions);
    const limits = { ...DEFAULT_LIMITS, crashBudget: config.crashBudget };
    this.store = new Store(this.redis, partitions, limits);
    this.counted = supervisorMetrics(metrics);
    const busy = new Set<number>();
    const watch = this.watchWorkers(connections.connectLoop(this.redis), {
      everyMs: config.watchMs,
      isIdle: () => busy.size === 0,
    });
    metrics.gauge(
      'workers_watched',
      'Workers whose connections were seen, and so can be missed. Fewer than lockstep_workers: the others end by their lease.',
      () => watch.watched,
    );
    const search = new NameSearch(this.redis, partitions);
    const census = new CensusTaker(this.redis, partitions, search, metrics);
    const inboxes = (): readonly NamedKey[] => search.names?.inboxes ?? [];
    this.patrols = [
      this.patrol('connections', () => watch.look(), 1),
      this.patrol('reap', reaping(this.store, this.counted)),
      this.patrol('fire', firing(this.store, busy, this.counted)),
      this.patrol('trim', trimming(this.store, this.counted)),
      this.patrol('forget', forgetting(this.store, inboxes, this.counted)),
      this.patrol('redrive', this.redriving(), 1),
      this.patrol('names', () => search.step(), 1),
      this.patrol('census', () => census.take(), 1),
      ...(config.retentionMs > 0 ? [this.patrol('retire', this.retiring(config))] : []),
    ];
  }

  onApplicationBootstrap(): void {
    for (const patrol of this.patrols) patrol.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.patrols.map((patrol) => patrol.stop()));
  }

  private retiring({ retentionMs, tombstoneMs, archiveDir }: SupervisorConfig): Round {
    const { store, redis, counted } = this;
    const { partitions } = store;
    const [ended, log] = [new EndedReader(redis, partitions), new LogReader(redis, partitions)];
    const archive = archiveDir === '' ? null : new Archive(archiveDir);
    const retired: RetentionPorts['retired'] = (workflow, reply) => {
      this.logger.debug(
        { ...workBindings({ workflow }), reply },
        'the time of a workflow has come',
      );
    };
    const ports = { store, ended, log, archive, metrics: counted, retired };
    return retiring(ports, { keepMs: retentionMs, tombstoneMs }, randomUUID());
  }

  private watchWorkers(redis: Redis, pace: Pace): WorkerWatch {
    const guesses = new Guesses(this.store, {
      guessed: (worker) => {
        this.counted.guessed();
        this.logger.info({ worker }, 'a worker without a connection is taken for dead');
      },
      reaped: (tasks, workers) => {
        this.counted.reaped('connections', tasks, workers);
      },
      recovered: (seconds) => {
        this.counted.recovered(seconds);
      },
      failed: (error) => {
        this.failed('reap', error);
      },
    });
    return new WorkerWatch(redis, this.store.partitions, pace, (suspects) => {
      guesses.suspected(suspects);
    });
  }

  private redriving(): Round {
    const { redis, store } = this;
    const log = new LogReader(redis, store.partitions);
    return redriving({
      store,
      jobs: new RedriveJobs(redis),
      letters: new DeadLetterReader(redis, store.partitions),
      redriver: new LetterRedriver(new HeadReader(redis, store.partitions), log, store),
      redriven: (outcome) => {
        this.counted.redriven(outcome);
      },
    });
  }

  private patrol(duty: Duty, round: Round, partitions = this.store.partitions.count): Patrol {
    const turned = Array.from({ length: partitions }, (_, partition) =>
      this.loops.watch(`${duty} ${partition}`),
    );
    return new Patrol(partitions, round, {
      turned: (partition) => turned[partition]?.(),
      failed: (partition, error) => {
        this.failed(duty, error, partition);
      },
    });
  }

  private failed(duty: Duty, error: unknown, partition?: number): void {
    this.counted.failed(duty);
    this.logger.error({ err: error, duty, partition }, 'a round failed');
  }
}
