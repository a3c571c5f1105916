// What one task is doing, as its log tells it.
//
//   T1. A task is in one state at a time, and only an event of its workflow's log moves it.
//   T2. Whatever the table does not list cannot happen: a log that has it is broken, or was written by a bug.
//   T3. A wake has no event of its own: a task that waited is AwaitingInput until somebody starts it again.

import { LockstepError } from '@lockstep/contracts';
import type { EventType, RecordedEvent, TaskId, Version } from '../events/event.js';

export type TaskState =
  /** Delivered to its role; nobody works on it. */
  | 'Idle'
  | 'Processing'
  /** Waits for other tasks, timers, signals, or a person. */
  | 'AwaitingInput'
  | 'Completed'
  /** Failed or cancelled. */
  | 'Failed';

/** The log has an event that cannot follow on what it has before. */
export class ImpossibleTransition extends LockstepError {
  readonly code = 'ImpossibleTransition';
  readonly kind = 'defect';

  constructor(
    task: TaskId,
    from: TaskState | null,
    event: Pick<RecordedEvent, 'type' | 'version'>,
  ) {
    super(
      `task ${task} is ${from ?? 'not there'}, and event ${event.version} of its log is ${event.type}: ` +
        'that cannot follow, so the log is broken or was written by a bug',
      { task, from, type: event.type, version: event.version },
    );
  }
}

type States = Partial<Record<TaskState, TaskState>>;

const STILL_PROCESSING: States = { Processing: 'Processing' };
const TAKEN_BACK: States = { Processing: 'Idle' };
const UNMOVED: States = {
  Idle: 'Idle',
  Processing: 'Processing',
  AwaitingInput: 'AwaitingInput',
  Completed: 'Completed',
  Failed: 'Failed',
};
// Fences every task that has not ended: each is cancelled next, or only settles its effects.
const FENCED: States = { ...UNMOVED, Processing: 'Idle', AwaitingInput: 'Idle' };
// Every task that has not ended is held until a person sends it on.
const HELD: States = { ...UNMOVED, Idle: 'AwaitingInput', Processing: 'AwaitingInput' };
// A person may decide several things about one task at once.
const REOPENED: States = { Failed: 'Idle', AwaitingInput: 'Idle', Idle: 'Idle' };

/** Where an event of a task leads from each state. TaskScheduled is no part of it: it makes the task. */
const TRANSITIONS: Partial<Record<EventType, States>> = {
  TaskStarted: { Idle: 'Processing', AwaitingInput: 'Processing' }, // T3
  TaskSuspended: { Processing: 'AwaitingInput' },
  TaskReleased: TAKEN_BACK,
  LeaseExpired: TAKEN_BACK,
  AttemptTimedOut: TAKEN_BACK,
  TaskParked: { Processing: 'AwaitingInput', Idle: 'AwaitingInput' }, // Idle: its crash budget is used up
  TaskCompleted: { Processing: 'Completed' },
  TaskHandedOff: { Processing: 'Completed' },
  TaskFailed: { Processing: 'Failed' },
  TaskCancelled: { Idle: 'Failed', Processing: 'Failed' },
  TaskReopened: REOPENED,
  RequestCorrected: { Idle: 'Idle' }, // behind its TaskReopened
  EffectSettled: REOPENED,
  TimerFired: { Idle: 'Idle', Processing: 'Processing', AwaitingInput: 'AwaitingInput' },
  CancelRequested: FENCED,
  RollbackStarted: FENCED,
  WorkflowParked: HELD,
  AttemptFailed: STILL_PROCESSING,
  CallCancelled: FENCED,
  EffectCompensated: STILL_PROCESSING,
  OperationSkipped: REOPENED,
  StepCompleted: STILL_PROCESSING,
  StepFailed: STILL_PROCESSING,
  AttemptDeferred: STILL_PROCESSING,
  TimerSet: STILL_PROCESSING,
  EffectIntended: STILL_PROCESSING,
  EffectCommitted: STILL_PROCESSING,
  EffectAdopted: STILL_PROCESSING,
  EffectNotPerformed: STILL_PROCESSING,
  EffectRejected: STILL_PROCESSING,
  EffectInDoubt: STILL_PROCESSING,
  SignalTaken: STILL_PROCESSING,
  StateChanged: STILL_PROCESSING,
  Patched: STILL_PROCESSING,
  SavepointReached: STILL_PROCESSING,
};

/**
 * The state of `task` after one event that concerns it: one of its own, or one that stops its workflow.
 *
 * @param from - null before its TaskScheduled
 * @throws ImpossibleTransition when the event cannot follow (T2)
 */
export function nextTaskState(
  task: TaskId,
  from: TaskState | null,
  event: Pick<RecordedEvent, 'type' | 'version'>,
): TaskState {
  if (from === null && event.type === 'TaskScheduled') return 'Idle';
  const to = from === null ? undefined : TRANSITIONS[event.type]?.[from];
  if (to === undefined) throw new ImpossibleTransition(task, from, event);
  return to;
}

/**
 * The states of all tasks of a workflow, in the order in which they were scheduled.
 *
 * @param upTo - version of the last event that counts; default: all of them
 * @throws ImpossibleTransition
 */
export function taskStates(
  events: readonly RecordedEvent[],
  upTo: Version = Infinity,
): ReadonlyMap<TaskId, TaskState> {
  const states = new Map<TaskId, TaskState>();
  for (const event of events) {
    if (event.version > upTo) break;
    for (const task of concernedBy(event, states.keys())) {
      states.set(task, nextTaskState(task, states.get(task) ?? null, event));
    }
  }
  return states;
}

/** The tasks whose state an event is about: all of them when it stops the workflow. */
export function concernedBy(event: RecordedEvent, all: Iterable<TaskId>): readonly TaskId[] {
  if (stopsAll(event)) return [...all];
  if (event.type === 'CallCancelled') return [...all].filter((task) => isWithin(task, event));
  return event.task === '' ? [] : [event.task];
}

/** Whether it is the called task, or one that it called. */
const isWithin = (task: TaskId, { task: caller, op }: RecordedEvent): boolean =>
  `${task}.`.startsWith(`${caller}.${op}.`);

/** Whether it takes the tasks that have not ended from whoever works on them. */
function stopsAll(event: RecordedEvent): boolean {
  if (event.type === 'WorkflowParked') return event.meta.by !== undefined;
  return event.type === 'CancelRequested' || event.type === 'RollbackStarted';
}
