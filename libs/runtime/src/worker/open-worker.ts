import type { AnyRole } from '@lockstep/contracts';
import type { Loops, Metrics, RedisConnections } from '@lockstep/host';
import {
  DEFAULT_LIMITS,
  InboxReader,
  LogReader,
  Partitions,
  randomWorkerId,
  Store,
} from '@lockstep/store';
import type { TaskLog } from '../context/task-log.js';
import type { AnyEffect } from '../effects/spec.js';
import { systemClock } from '../execution/clock.js';
import { executionMetrics } from '../execution/execution-metrics.js';
import { ExecutionRunner } from '../execution/runner.js';
import { targetMetrics } from '../targets/target-metrics.js';
import { Targets } from '../targets/targets.js';
import type { AgentConfig } from './agent-config.js';
import type { TaskRunner } from './claimed-task.js';
import { Claimer } from './claimer.js';
import { Heartbeat, type HeartbeatEvents } from './heartbeat.js';
import { Holds } from './holds.js';
import { Places } from './places.js';
import { SitOut } from './sit-out.js';
import { Worker } from './worker.js';
import { workerMetrics } from './worker-metrics.js';

export interface WorkerHost {
  readonly config: AgentConfig;
  readonly metrics: Metrics;
  readonly logger: TaskLog;
  readonly connections: Pick<RedisConnections, 'connect' | 'connectLoop'>;
  readonly loops: Pick<Loops, 'watch'>;
  /** What a rollback finds at this role, by action; default none. */
  readonly effects?: ReadonlyMap<string, AnyEffect>;
  /** Default: the execution of handlers. */
  readonly runner?: TaskRunner;
}

/** How long a step in flight may go on after the process was told to end, unit ms. */
const GRACE_MS = 5000;

/** Builds a worker of a role. Each of its loops has a connection of its own, and all have the worker's name. */
export function openWorker(role: AnyRole, host: WorkerHost): Worker {
  const { config, connections, logger, metrics } = host;
  const clock = systemClock;
  const worker = randomWorkerId(role.name, process.pid);
  const commands = connections.connect(`ls:${worker}`);
  const partitions = new Partitions(config.partitions);
  const { receiptMs } = config;
  const store = new Store(commands, partitions, { ...DEFAULT_LIMITS, receiptMs });
  const log = new LogReader(commands, partitions);
  const places = new Places(config.concurrency);
  const holds = new Holds(partitions);
  const counted = workerMetrics(metrics, host.loops, places, holds);
  const { heartbeatMs: everyMs, leaseMs } = config;
  const beats = { everyMs, leaseMs, inbox: role.inbox };
  const heeded: HeartbeatEvents = {
    ...counted,
    ordered(order) {
      logger.warn(
        { ...order },
        'told to drain: hands its tasks back, and takes no more until it ends',
      );
      void opened.drain('drained by a person');
    },
  };
  const pulse = new Store(connections.connect(`ls:${worker}`), partitions);
  const heartbeat = new Heartbeat(pulse, worker, holds, beats, clock, heeded);
  const targets = new Targets({
    ...{ store: store.targets, places: config.concurrency, logger },
    events: targetMetrics(metrics),
  });
  const { effects = new Map<string, AnyEffect>() } = host;
  const ports = { store, log, targets, clock, logger, effects };
  const events = executionMetrics(metrics);
  const limits = { graceMs: GRACE_MS, maxHops: config.maxHops };
  const runner = host.runner ?? new ExecutionRunner({ ...ports, ...limits, events });
  const failed = (error: unknown): void => {
    logger.error({ err: error }, 'a delivery was not worked off');
  };
  const inbox = new InboxReader(connections.connectLoop(commands), store, worker, [role.inbox]);
  const opened = new Worker({
    sitOut: new SitOut({ log, inbox, places, clock }),
    claimerOf: (handlers) => new Claimer(worker, handlers, { store, log, heartbeat, holds, clock }),
    ...{ inbox, places, holds, heartbeat, runner, clock },
    events: { ...counted, failed },
  });
  return opened;
}
