import type { JobKind, StepResult, WalkPlan } from '../jobs/jobs.js';

/** What a walk's job holds: enough to go on after its last saved step. */
export interface WalkData extends WalkPlan {
  readonly last?: StepResult;
}

/** The queues of a kind of job, each with processes of its own; it starts in the first. */
export const QUEUES = {
  walk: ['walk'],
  relay: ['leg-1', 'leg-2', 'leg-3', 'leg-4', 'leg-5'],
  share: ['share', 'part'],
} as const satisfies Record<JobKind, readonly string[]>;

/** The queue whose completed job is the end of all. */
export const LAST_QUEUE = {
  walk: 'walk',
  relay: 'leg-5',
  share: 'share',
} as const satisfies Record<JobKind, string>;
