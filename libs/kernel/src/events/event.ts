import type { OnFailure, WorkflowLimits } from '@lockstep/contracts';
import type { ErrorChain } from '../failure/error-chain.js';

/** Hash of (tenant, idempotency key), or random; distinct from other strings by type only. */
export type WorkflowId = string & { readonly __brand: 'WorkflowId' };
/** Unique within its workflow: the root is `r`, the task that operation 3 of `r` scheduled is `r.3`. */
export type TaskId = string & { readonly __brand: 'TaskId' };
/** Random, picked by a worker for each claim: the fencing token (S2). */
export type ClaimId = string & { readonly __brand: 'ClaimId' };
/** Random for each start of a process. */
export type WorkerId = string & { readonly __brand: 'WorkerId' };
/** Position in one workflow's log; dense from 1 (G1). */
export type Version = number;
/** Counts the operations that a handler asks its context for, from 1. */
export type OperationNumber = number;

/** Where a task's outcome goes: the operation of the task that waits for it; null for a root. */
export interface ReturnAddress {
  readonly task: TaskId;
  readonly op: OperationNumber;
}

/**
 * Where the outcome of a task goes that a rollback has scheduled: not to another task, but to the rollback. Its
 * operation is the version of the EffectCommitted that the task undoes; 0 of the task that runs after the rollback.
 */
export const ROLLBACK = '~' as TaskId;
/** Name of the task that undoes an effect, at the role that performed it; no contract can have such a name. */
export const UNDO = '$undo';

export interface WaitSpec {
  /** Operations any of which wakes the task. */
  readonly any: readonly OperationNumber[];
  /** Groups of operations each of which wakes the task when all of it has ended. */
  readonly all: readonly (readonly OperationNumber[])[];
  /** Names of signals that wake the task. */
  readonly signals: readonly string[];
}

/** What an effect was about to do, and the times that bound it (E5). */
export interface EffectIntent {
  readonly action: string;
  readonly key: string;
  /** Counts the attempts of this operation from 1. */
  readonly attempt: number;
  /** SHA-256 of the input's JSON text. */
  readonly inputDigest: string;
  /** The worker may begin to act only within this time after it began to record the intent. */
  readonly windowMs: number;
  /** A begun action is given up after this time. */
  readonly timeoutMs: number;
  readonly risk: 'low' | 'medium' | 'high';
}

/** What a task was doing when it failed: what a dead letter tells besides the error. */
export interface FailureSite {
  /** The task, as its role names it. */
  readonly name: string;
  /** As in `step classify` or `effect refund`; null when it was the handler itself, or nobody knows. */
  readonly operation: string | null;
  /** How often a worker took the task. */
  readonly attempts: number;
  /** Version of the last event that the handler had got: the state that it saw; null when nobody knows. */
  readonly seenUpTo: Version | null;
}

/** The task where a failure began. */
export interface FailureOrigin {
  readonly task: TaskId;
  readonly role: string;
  /** Absent in logs of an earlier release. */
  readonly site?: FailureSite;
}

/**
 * Why a target takes no work: its breaker is open, as much goes on there as may, or its rate is used up; `busy`: this
 * process has as many tasks there as it may.
 */
export type DeferralReason = 'open' | 'full' | 'limited' | 'busy';

/** How a person settled an effect in doubt. */
export type EffectVerdict = 'happened' | 'did-not-happen' | 'probe-again';

/**
 * Everything that a log can hold, by type: the small `meta` that the kernel folds. A payload (a request,
 * a result, a receipt, a state value) is never in `meta`; it travels beside it as opaque JSON text.
 */
export interface EventMeta {
  // The workflow.
  WorkflowStarted: {
    type: string;
    version: number;
    tenant: string;
    root: TaskId;
    /** The fields of the shared state with their merge rules; absent when it declares none. */
    merges?: Readonly<Record<string, MergeRule>>;
    /** What follows when nobody catches a failure; absent in logs of before there was a choice: it parks. */
    onFailure?: OnFailure;
    /** Past these it is held; absent when it has none. */
    limits?: WorkflowLimits;
  };
  WorkflowCompleted: Record<string, never>;
  /** Nobody caught a failure; what was to be undone is undone. */
  WorkflowFailed: Record<string, never>;
  /** `by` only of a person, who holds every open task with it. */
  WorkflowParked: { reason: string; task?: TaskId; error?: ErrorChain; by?: string };
  /** A person sends the tasks on that a person held. */
  WorkflowResumed: { reason: string; by: string };
  /** It has waited for a person for longer than its policy says. */
  WorkflowEscalated: { afterMs: number; to: 'alert' | 'compensate' };
  WorkflowCancelled: Record<string, never>;
  /** Every open task is fenced; with `rollback`, what was committed is undone before the workflow ends. */
  CancelRequested: { reason: string; by: string; rollback?: boolean };
  /** Every open task is fenced, what was committed is undone, newest first, and the workflow ends as failed. */
  RollbackStarted: {
    reason: string;
    /** A person, or `policy`. */
    by: string;
    /** Effects up to this version stand: 0 undoes all, null none. */
    to: Version | null;
    /** Where the failure began, and what it was; absent when it was a decision. */
    task?: TaskId;
    error?: ErrorChain;
  };
  SignalReceived: { name: string; id: string; version: number };

  // A task. `task` of the entry is the task itself.
  TaskScheduled: {
    role: string;
    major: number;
    name: string;
    /** Version of the request's contract that the payload was written in. */
    version: number;
    /** The operation that asked for it; null for the root. */
    by: ReturnAddress | null;
    /** Where its outcome goes. A handoff passes on the address of the task that handed off. */
    returnTo: ReturnAddress | null;
    /** A mark of what each task above it was asked, the root's first; absent in a root, and in logs of an earlier release. */
    marks?: readonly number[];
  };
  TaskStarted: { worker: string; claim: string; dispatch: number; alone: boolean };
  TaskSuspended: { waits: WaitSpec };
  /** Its process ends in good order, and hands it back. */
  TaskReleased: { epoch: number };
  LeaseExpired: { worker: string; reason: 'lease' | 'connections' | 'unlisted'; alone: boolean };
  AttemptTimedOut: Record<string, never>;
  /**
   * The handler failed, and runs again after a durable wait. `op`: the operation whose failure ended the attempt;
   * that failure is taken back, and the operation tried again.
   */
  AttemptFailed: { attempt: number; error: ErrorChain; retryInMs: number; op?: OperationNumber };
  TaskCompleted: { version: number; returnTo: ReturnAddress | null };
  TaskHandedOff: { to: TaskId };
  TaskFailed: {
    error: ErrorChain;
    returnTo: ReturnAddress | null;
    /** The task where the failure began: itself, or one that it waited for. */
    origin: FailureOrigin;
  };
  TaskParked: { reason: string; error: ErrorChain; op?: OperationNumber };
  TaskCancelled: Record<string, never>;
  /** A person sends the task again; entries of it after `keepUpTo` no longer count. */
  TaskReopened: { keepUpTo: Version; by: string; reason?: string };
  /** A person gives a task another request, as `data`, with which it begins anew; `version` is that of its contract. */
  RequestCorrected: { version: number; by: string; reason: string };

  // An operation of a task: `task` and `op` of the entry say which.
  StepCompleted: { name: string; attempt: number };
  /** `timer`: the wait before the next attempt is a durable one, and ends with a TimerFired. */
  StepFailed: {
    name: string;
    attempt: number;
    error: ErrorChain;
    retryInMs: number | null;
    timer: boolean;
  };
  /**
   * Its target takes no work now, and nobody has acted: the operation waits for its timer, at no cost of its policy.
   * `name` is the operation's, as in `step classify`.
   */
  AttemptDeferred: { name: string; target: string; reason: DeferralReason; retryInMs: number };
  TimerSet: { delayMs: number };
  TimerFired: Record<string, never>;
  EffectIntended: EffectIntent;
  EffectCommitted: {
    action: string;
    key: string;
    occurrence: number;
    by: 'attempt' | 'probe' | 'person';
  };
  EffectAdopted: {
    action: string;
    key: string;
    occurrence: number;
    from: { workflow: string; task: string };
  };
  EffectNotPerformed: {
    attempt: number;
    error: ErrorChain;
    retryInMs: number | null;
    timer: boolean;
  };
  EffectRejected: { error: ErrorChain };
  EffectInDoubt: { attempt: number; error: ErrorChain };
  EffectSettled: { verdict: EffectVerdict; by: string; reason?: string };
  /** The effect that its task committed at version `of` is undone. */
  EffectCompensated: { action: string; key: string; occurrence: number; of: Version };
  /** The task that asked for it wants this call no more: who works on it is fenced. */
  CallCancelled: { reason: string };
  /** A person gives an operation its result, as `data`. */
  OperationSkipped: { reason: string; by: string };
  /** `data` is the signal's payload, `version` that of its contract. */
  SignalTaken: { name: string; signal: Version; version: number };
  /** `data` is an object of what is merged into each of these fields. */
  StateChanged: { fields: readonly string[] };
  Patched: { id: string };
  /** A rollback to it lets stand what was committed before. */
  SavepointReached: { name: string };
}

export type EventType = keyof EventMeta;
export type MergeRule = 'last' | 'append' | 'union' | 'sum' | 'max';

export interface NewEvent<T extends EventType = EventType> {
  readonly type: T;
  /** Empty for an event of the workflow itself. */
  readonly task: TaskId | '';
  /** 0 where no operation is meant. */
  readonly op: OperationNumber;
  readonly meta: EventMeta[T];
  /** JSON text of the payload; empty when there is none. */
  readonly data: string;
}

type Recorded<T extends EventType> = NewEvent<T> & {
  readonly version: Version;
  /** Epoch of the claim that wrote it; 0 for writers that hold none. */
  readonly epoch: number;
  /** The store's wall clock when it was appended; unit ms. */
  readonly atMs: number;
};

/** One entry of a log as it was read: a union by `type`, so that a `switch` narrows `meta`. */
export type RecordedEvent<T extends EventType = EventType> = {
  [K in T]: Recorded<K> & { readonly type: K };
}[T];
