import type {
  DeferralReason,
  FailureOrigin,
  OperationNumber,
  RecordedEvent,
  ReturnAddress,
  TaskId,
  WaitSpec,
} from '../events/event.js';
import type { ErrorChain } from '../failure/error-chain.js';
import { nextTaskState, type TaskState } from '../task-state/task-state.js';

export interface TaskView {
  readonly id: TaskId;
  readonly role: string;
  readonly major: number;
  readonly name: string;
  readonly state: TaskState;
  /** Since when it is in this state. */
  readonly sinceMs: number;
  /** The operation that asked for it; null for the root. */
  readonly by: ReturnAddress | null;
  /** Where its outcome goes; null when that is the workflow's. */
  readonly returnTo: ReturnAddress | null;
  /** How often a worker took it: its epoch. */
  readonly attempts: number;
  /** Who works on it; null while nobody does. */
  readonly worker: string | null;
  readonly scheduledAtMs: number;
  /** The first time; null before. */
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Null until it has ended. */
  readonly outcome: 'completed' | 'handed-off' | 'failed' | 'cancelled' | null;
  /** The task that took over; null unless it was handed off. */
  readonly handedTo: TaskId | null;
  /** What a suspended task waits for; null while it waits for nothing. */
  readonly waits: WaitSpec | null;
  readonly timers: readonly TaskTimer[];
  /** Operations whose target takes no work now; each is asked for again when its timer is due. */
  readonly deferrals: readonly Deferral[];
  /** Why it waits for a person; null while it does not. */
  readonly parked: TaskParking | null;
  /** The operation that failed last, and for good; null when none has. */
  readonly failedOp: OperationNumber | null;
  /** Why it failed, and the task where that began; null unless it has. */
  readonly failure: TaskFailure | null;
}

export interface Deferral {
  readonly op: OperationNumber;
  /** As in `step classify`. */
  readonly name: string;
  readonly target: string;
  readonly reason: DeferralReason;
  /** When it was first refused, without anything done since. */
  readonly sinceMs: number;
}

/** A durable wait, and why it is waited. */
export interface TaskTimer {
  /** 0 when it is the task's own, and none of its operations'. */
  readonly op: OperationNumber;
  readonly setAtMs: number;
  readonly dueAtMs: number;
  readonly of: TimerPurpose;
  /** Of the attempt that failed; empty when none did. */
  readonly error: ErrorChain;
}

export type TimerPurpose =
  | { readonly kind: 'sleep' }
  /** `what`: as in `step classify`. */
  | { readonly kind: 'retry'; readonly what: string }
  /** The target took no work: the task's deferral of this operation says which, and why. */
  | { readonly kind: 'target' };

export interface TaskParking {
  readonly reason: string;
  readonly error: ErrorChain;
  readonly op: OperationNumber | null;
  readonly atMs: number;
}

export interface TaskFailure {
  readonly error: ErrorChain;
  readonly origin: FailureOrigin;
  readonly atMs: number;
}

/**
 * A task after one event that concerns it.
 *
 * @throws ImpossibleTransition when the event cannot follow
 */
export function evolveTask(before: TaskView | undefined, event: RecordedEvent): TaskView {
  if (before === undefined) return scheduledTask(event);
  const state = nextTaskState(before.id, before.state, event);
  const change = changed(before, event);
  const over = goesOn(before, event);
  if (change === undefined && over === undefined && state === before.state) return before;
  const held = state === 'Processing' ? before.worker : null;
  const sinceMs = state === before.state ? before.sinceMs : event.atMs;
  return { ...before, worker: held, ...change, ...over, state, sinceMs };
}

/** @throws ImpossibleTransition unless the event schedules it */
function scheduledTask(event: RecordedEvent): TaskView {
  const id = event.task as TaskId;
  const state = nextTaskState(id, null, event);
  const { role, major, name, by, returnTo } = (event as RecordedEvent<'TaskScheduled'>).meta;
  return {
    ...{ id, role, major, name, state, sinceMs: event.atMs, by, returnTo },
    ...{ attempts: 0, worker: null, waits: null, timers: [], parked: null, failure: null },
    deferrals: [],
    ...{ failedOp: null },
    ...{ scheduledAtMs: event.atMs, startedAtMs: null, endedAtMs: null },
    ...{ outcome: null, handedTo: null },
  };
}

const IDLE_AGAIN = {
  ...{ endedAtMs: null, outcome: null, parked: null, failure: null, failedOp: null, waits: null },
};
const FENCED = { ...IDLE_AGAIN, timers: [], deferrals: [] };

/** What the event tells of a task beside its state; most tell nothing. */
function changed(before: TaskView, event: RecordedEvent): Partial<TaskView> | undefined {
  const { op, atMs } = event;
  switch (event.type) {
    case 'TaskStarted':
      return {
        worker: event.meta.worker,
        attempts: event.epoch,
        startedAtMs: before.startedAtMs ?? atMs,
        waits: null,
      };
    case 'TaskSuspended':
      return { waits: event.meta.waits };
    case 'TaskParked': {
      const { reason, error } = event.meta;
      return { parked: { reason, error, op: event.meta.op ?? null, atMs } };
    }
    case 'TaskCompleted':
      return { ...ended(atMs), outcome: 'completed' };
    case 'TaskHandedOff':
      return { ...ended(atMs), outcome: 'handed-off', handedTo: event.meta.to };
    case 'TaskFailed': {
      const { error, origin } = event.meta;
      return { ...ended(atMs), outcome: 'failed', failure: { error, origin, atMs } };
    }
    case 'TaskCancelled':
      return { ...ended(atMs), outcome: 'cancelled' };
    case 'CancelRequested':
    case 'RollbackStarted':
    case 'CallCancelled':
      return before.outcome === null ? FENCED : undefined;
    case 'WorkflowParked':
      return before.outcome === null ? { waits: null } : undefined;
    case 'TaskReopened':
    case 'EffectSettled':
    case 'OperationSkipped':
      return IDLE_AGAIN;
    case 'EffectRejected':
      return { failedOp: op };
    case 'TimerSet':
      return withTimer(before, event, event.meta.delayMs, { kind: 'sleep' });
    case 'StepFailed':
    case 'EffectNotPerformed': {
      const { timer, retryInMs, error } = event.meta;
      if (retryInMs === null) return { failedOp: op };
      const what = event.type === 'StepFailed' ? `step ${event.meta.name}` : 'its effect';
      return timer
        ? withTimer(before, event, retryInMs, { kind: 'retry', what }, error)
        : undefined;
    }
    case 'AttemptFailed': {
      const { retryInMs, error } = event.meta;
      return withTimer(before, event, retryInMs, { kind: 'retry', what: 'the task' }, error);
    }
    case 'AttemptDeferred':
      return {
        ...withTimer(before, event, event.meta.retryInMs, { kind: 'target' }),
        deferrals: withDeferral(before, event),
      };
    case 'TimerFired':
      return { timers: before.timers.filter((timer) => timer.op !== op) };
    default:
      return undefined;
  }
}

const ended = (atMs: number): Partial<TaskView> => ({
  ...{ endedAtMs: atMs, waits: null, timers: [], deferrals: [] },
});

function withDeferral(
  { deferrals }: TaskView,
  { op, atMs, meta: { name, target, reason } }: RecordedEvent<'AttemptDeferred'>,
): readonly Deferral[] {
  const before = deferrals.find((deferral) => deferral.op === op);
  const others = deferrals.filter((deferral) => deferral.op !== op);
  return [...others, { op, name, target, reason, sinceMs: before?.sinceMs ?? atMs }];
}

/** Something was done for an operation that waited for its target. */
function goesOn(
  { deferrals }: TaskView,
  event: RecordedEvent,
): Pick<TaskView, 'deferrals'> | undefined {
  if (deferrals.length === 0 || event.type === 'AttemptDeferred' || event.type === 'TimerFired')
    return undefined;
  const left = deferrals.filter(({ op }) => !isDoneFor(op, event));
  return left.length === deferrals.length ? undefined : { deferrals: left };
}

/** A task as a whole, operation 0, goes on when its handler does anything. */
const isDoneFor = (deferred: OperationNumber, { op, type }: RecordedEvent): boolean =>
  deferred === 0 ? op > 0 || type === 'AttemptFailed' : op === deferred;

function withTimer(
  { timers }: TaskView,
  { op, atMs }: RecordedEvent,
  delayMs: number,
  of: TimerPurpose,
  error: ErrorChain = [],
): Partial<TaskView> {
  const timer = { op, setAtMs: atMs, dueAtMs: atMs + Math.ceil(delayMs), of, error };
  return { timers: [...timers.filter((other) => other.op !== op), timer] };
}
