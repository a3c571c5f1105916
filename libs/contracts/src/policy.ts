import { IsObject } from 'class-validator';

import type { TaskContract } from './role.js';
import { InvalidContract } from './violations.js';

/**
 * What follows when nobody catches a failure: `compensate` undoes what was done and ends the workflow as failed,
 * `park` waits for a person, `continue` ends it as failed and lets what was done stand.
 */
export type OnFailure = 'compensate' | 'park' | 'continue';

/** What follows when a workflow waits for a person, and nobody comes. */
export interface Escalation {
  /** How long it waits from when it was parked, unit ms. */
  readonly afterMs: number;
  /** `alert` tells of it, `compensate` rolls the workflow back as well; default `alert`. */
  readonly to?: 'alert' | 'compensate';
}

export interface PolicyOptions {
  /** Default `compensate`. */
  readonly onFailure?: OnFailure;
  /** Default: it waits for as long as it takes. */
  readonly escalate?: Escalation;
  /** Runs once after a rollback, to tell somebody; its effects are not rolled back. Default none. */
  readonly afterRollback?: TaskContract<RolledBack, unknown>;
}

/** The policy of a type of workflow, with its defaults filled in. */
export interface FailurePolicy {
  readonly onFailure: OnFailure;
  readonly escalate: Required<Escalation> | null;
  readonly afterRollback: TaskContract<RolledBack, unknown> | null;
}

/** What the task that runs after a rollback is asked. */
export class RolledBack {
  /** What the workflow was started with. */
  @IsObject()
  readonly request!: Readonly<Record<string, unknown>>;

  /** Why it was rolled back, and who decided it: a {@link RollbackCause}. */
  @IsObject()
  readonly cause!: RollbackCause;
}

export interface RollbackCause {
  /** `Uncaught`, `Escalated`, or in the words of the person who decided it. */
  readonly reason: string;
  /** A person, or `policy`. */
  readonly by: string;
  /** The error that nobody caught, outermost first; absent when it was none. */
  readonly error?: readonly { readonly code: string; readonly message: string }[];
}

const ON_FAILURE: readonly unknown[] = ['compensate', 'park', 'continue'] satisfies OnFailure[];

/** @throws InvalidContract when it contradicts itself */
export function policyOf(
  type: string,
  { onFailure = 'compensate', escalate, afterRollback }: PolicyOptions,
): FailurePolicy {
  if (!ON_FAILURE.includes(onFailure)) {
    throw new InvalidContract(
      `onFailure of workflow ${type} is ${onFailure}: use compensate, park or continue`,
      { workflow: type, onFailure },
    );
  }
  if (escalate && !(Number.isInteger(escalate.afterMs) && escalate.afterMs > 0)) {
    throw new InvalidContract(
      `escalate.afterMs of workflow ${type} must be a whole number of milliseconds above 0`,
      { workflow: type, afterMs: escalate.afterMs },
    );
  }
  return {
    onFailure,
    escalate: escalate ? { to: 'alert', ...escalate } : null,
    afterRollback: afterRollback ?? null,
  };
}
