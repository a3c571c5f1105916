import type { JobKind, WalkPlan } from '../jobs/jobs.js';

/** What a driver is told to drive. */
export interface Drive {
  readonly system: 'lockstep' | 'bullmq';
  readonly redisUrl: string;
  readonly kind: JobKind;
  readonly walk: WalkPlan;
  /** Whether BullMQ keeps jobs that have ended. */
  readonly keepsEnded: boolean;
}
