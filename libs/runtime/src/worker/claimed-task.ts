// Where the worker ends and the execution of a task begins.

import { LockstepError, type AnyTask, type OnFailure } from '@lockstep/contracts';
import type { TaskContext } from '../context/task-context.js';
import type {
  ClaimId,
  RecordedEvent,
  RetryPolicy,
  TaskId,
  Version,
  WorkflowId,
} from '@lockstep/kernel';
import type { ReachedLimits } from '@lockstep/store';
import type { Target } from '../targets/target.js';

/** A task that this process holds, and what is needed to run it. */
export interface ClaimedTask {
  readonly wf: WorkflowId;
  readonly task: TaskId;
  readonly claim: ClaimId;
  /** Counts the task's claims from 1; for people and for providers that can fence. */
  readonly epoch: number;
  /** `settle`: the workflow is being cancelled, only the outcome of open effects is wanted. */
  readonly mode: 'run' | 'settle';
  readonly tenant: string;
  readonly workflowType: string;
  /** What follows when nobody catches a failure of the workflow. */
  readonly onFailure: OnFailure;
  /** How far the workflow may come before a person looks at it. */
  readonly limits: ReachedLimits;
  /** Counts the task's deliveries from 1. */
  readonly dispatch: number;
  /** When it was read, unit ms of the monotonic clock: by then no earlier claim could append any more. */
  readonly readAtMs: number;
  /** Under dispatch 1 the TaskScheduled and the TaskStarted alone, else everything from TaskScheduled on. */
  readonly history: readonly RecordedEvent[];
  /** Aborted with a {@link ClaimLost} or a {@link ShuttingDown} as its reason. */
  readonly lost: AbortSignal;
  /** Calls `listener` with the version of each event addressed to the task that `seen` has not named. */
  onWoken(listener: (wokenAt: Version) => void): void;
  /** Tells the heartbeat how far the task has read. */
  seen(version: Version): void;
}

/** Runs one claimed task to its release; resolves when it holds the claim no more. */
export interface TaskRunner {
  run(claimed: ClaimedTask, handler: TaskHandler): Promise<void>;
}

/** The method that does one kind of task, behind its guards, pipes and interceptors. */
export interface TaskHandler {
  readonly contract: AnyTask;
  readonly options: TaskHandlerOptions;
  /**
   * @param request - what the handler gets as its first argument
   * @param context - the TaskContext, its second
   * @throws what the handler or anything before it threw, unchanged
   */
  invoke(request: unknown, context: TaskContext): Promise<unknown>;
}

export interface TaskHandlerOptions {
  /** How long one attempt may run before the store takes its claim away; waiting does not count. */
  readonly timeoutMs: number;
  /** What follows when the handler fails; default: nothing, its first attempt is its last. */
  readonly retry?: RetryPolicy;
  /** What it depends on as a whole; default: nothing. */
  readonly target?: Target;
}

/** The claim is gone: nothing may be appended or acted on under it any more, only let go. */
export class ClaimLost extends LockstepError {
  readonly code = 'ClaimLost';
  readonly kind = 'fenced';
}

/** The process ends in good order: hand the task back as it is, without counting an attempt. */
export class ShuttingDown extends LockstepError {
  readonly code = 'ShuttingDown';
  readonly kind = 'transient';
}
