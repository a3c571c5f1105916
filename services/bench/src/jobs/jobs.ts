// What is measured: the same work for every system, so that none does more than another.

/** Operations of a walk that each record a result. */
export const STEPS = 10;
/** Roles that a relay goes through. */
export const LEGS = [1, 2, 3, 4, 5] as const;
/** Parts of a share. */
export const PARTS = 32;

/**
 * `walk`: steps one after the other in one role. `relay`: five roles hand it on, one to the next. `share`: one
 * role asks another for all parts at once and waits for them.
 */
export type JobKind = 'walk' | 'relay' | 'share';

/** How a walk goes. */
export interface WalkPlan {
  readonly steps: number;
  /** How long each step takes, unit ms; 0 for none. */
  readonly stepMs: number;
  /** File that is told of every step that begins; empty for none. */
  readonly diary: string;
  /** Whether each step is an effect on the outside world; only Lockstep has those. */
  readonly acts: boolean;
}

export const WALK: WalkPlan = { steps: STEPS, stepMs: 0, diary: '', acts: false };

/** What a step leaves behind. */
export interface StepResult {
  readonly step: number;
  readonly text: string;
}

/** With the rest of its JSON around it, about 200 bytes. */
export const TEXT = 'lockstep'.repeat(22);
