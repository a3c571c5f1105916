import type { RedisServer } from '@lockstep/testing';
import type { BirpcReturn } from 'birpc';
import type { DriverFunctions } from '../driver/main.js';
import type { JobKind, WalkPlan } from '../jobs/jobs.js';

export const SYSTEMS = ['lockstep', 'bullmq'] as const;
export type System = (typeof SYSTEMS)[number];

/** What both systems are opened for. */
export interface Setup {
  readonly redis: RedisServer;
  readonly kind: JobKind;
  readonly walk: WalkPlan;
  /** Jobs or tasks that one process works on at once. */
  readonly concurrency: number;
  /** Processes that do each part of the job. */
  readonly replicas: number;
  /** Whether BullMQ keeps jobs that have ended, as it does by default. */
  readonly keepsEnded: boolean;
  /** Whether BullMQ's locks are as short as a careful user would dare, so that lost jobs come back soon. */
  readonly shortLocks: boolean;
  /** Whether Lockstep's services count and measure. */
  readonly metrics: boolean;
  /** Folder of the processes' output. */
  readonly logs: string;
  /** Ends all that it opens. */
  readonly signal: AbortSignal;
}

/** A process that does the job, and may be killed. */
export interface WorkerProcess {
  readonly pid: number;
  kill(): Promise<void>;
}

/** A system that is up, with a driver of its own. */
export interface Subject extends AsyncDisposable {
  readonly driver: BirpcReturn<DriverFunctions>;
  readonly workers: readonly WorkerProcess[];
  /** CPU time that its processes have used so far, unit s: `workers`, `driver` and what else there is. */
  cpuSeconds(): Promise<Readonly<Record<string, number>>>;
  /** As `cpuSeconds`, of each process of `workers`, in their order. */
  cpuSecondsByWorker(): Promise<readonly number[]>;
  /** Reads the metrics of all its processes once, as Prometheus does; nothing where there are none. */
  scrape(): Promise<void>;
}
