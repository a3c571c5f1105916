import type { EventType, RecordedEvent, ReturnAddress, TaskId, Version } from '../events/event.js';
import { UnknownTask } from './refusals.js';

/** What of a task a person's decision depends on. */
export interface TaskOutline {
  readonly id: TaskId;
  readonly returnTo: ReturnAddress | null;
  readonly scheduledAt: Version;
  /** The last event that says where the task stands. */
  readonly last: RecordedEvent;
}

const LIFECYCLE = new Set<EventType>([
  'TaskScheduled',
  'TaskStarted',
  'TaskSuspended',
  'TaskReleased',
  'LeaseExpired',
  'AttemptTimedOut',
  'TaskCompleted',
  'TaskHandedOff',
  'TaskFailed',
  'TaskParked',
  'TaskCancelled',
  'TaskReopened',
  'EffectSettled',
]);

/** @throws UnknownTask when the log never scheduled it */
export function outlineOf(events: readonly RecordedEvent[], id: TaskId): TaskOutline {
  const own = events.filter(({ task, type }) => task === id && LIFECYCLE.has(type));
  const [scheduled] = own;
  const last = own.at(-1);
  if (scheduled?.type !== 'TaskScheduled' || !last) throw new UnknownTask(id);
  return { id, returnTo: scheduled.meta.returnTo, scheduledAt: scheduled.version, last };
}

/** Where a task stands, in a person's words. */
export function standing({ last }: TaskOutline): string {
  switch (last.type) {
    case 'TaskCompleted':
    case 'TaskHandedOff':
      return 'has completed';
    case 'TaskFailed':
      return 'has failed';
    case 'TaskParked':
      return 'is parked';
    case 'TaskCancelled':
      return 'was cancelled';
    case 'TaskSuspended':
      return 'waits for others';
    case 'TaskStarted':
      return 'is running';
    default:
      return 'is queued';
  }
}
