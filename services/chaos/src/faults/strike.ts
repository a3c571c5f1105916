import type { TaskId, WorkflowId } from '@lockstep/kernel';

/** A task that a process held when it was struck. */
export interface HeldTask {
  readonly wf: WorkflowId;
  readonly task: TaskId;
}

/** A fault that has been injected. */
export interface Strike {
  /** As in `north-1`. */
  readonly target: string;
  /** Tasks that the victim held; none where it holds none by its nature. */
  readonly held: readonly HeldTask[];
  /** When the fault is over, where it lasts; what comes after a kill is not part of it. */
  readonly over: Promise<unknown>;
}

/**
 * Injects one fault.
 *
 * @param random - draws the victim, and how long it lasts
 * @returns undefined when there is nothing to strike now
 */
export type Striker = (random: () => number) => Promise<Strike | undefined>;

export const NOW = Promise.resolve();

/** Between two bounds; short ones are as likely as ones ten times as long. */
export function drawnMs(random: () => number, leastMs: number, mostMs: number): number {
  return Math.round(leastMs * (mostMs / leastMs) ** random());
}
