// How a task leaves its worker: the events of its last append, and what the store does with them.

import type { RollbackCause } from '@lockstep/contracts';
import {
  CallFailed,
  chainOf,
  failedOperation,
  type EventMeta,
  type EventType,
  type FailureOrigin,
  type FailureSite,
  type NewEvent,
  type OperationNumber,
  type ReturnAddress,
  ROLLBACK,
  type TaskId,
  type Version,
  type WaitSpec,
} from '@lockstep/kernel';
import type { AppendItem } from '@lockstep/store';
import type { ClaimedTask } from '../worker/claimed-task.js';
import type { AppendOptions } from './appender.js';

/** What came of the handler. */
export type Outcome =
  | { readonly as: 'returned'; readonly version: number; readonly body: string }
  | { readonly as: 'handed-off'; readonly scheduled: AppendItem }
  | { readonly as: 'failed'; readonly error: unknown };

/** Why a task cannot go on without a person. */
export interface ParkRequest {
  readonly reason: string;
  readonly error: unknown;
  readonly op?: OperationNumber;
}

export interface Ending {
  readonly items: readonly AppendItem[];
  readonly options: Omit<AppendOptions, 'readUpTo'>;
}

/** An event of the claimed task. */
export function taskEvent<T extends EventType>(
  { task }: Pick<ClaimedTask, 'task'>,
  type: T,
  meta: EventMeta[T],
  op: OperationNumber = 0,
  data = '',
): NewEvent {
  return { type, task, op, meta, data };
}

/** What the task was asked, and where its outcome goes. */
export function scheduledOf(
  claimed: Pick<ClaimedTask, 'history' | 'task'>,
): EventMeta['TaskScheduled'] {
  const [first] = claimed.history;
  if (first?.type !== 'TaskScheduled') {
    throw new Error(`the history of task ${claimed.task} does not begin with its TaskScheduled`);
  }
  return first.meta;
}

/** @param seenUpTo - version of the last result that the handler got: what a failure is judged by */
export function endingOf(
  claimed: ClaimedTask,
  outcome: Outcome,
  untimers: readonly OperationNumber[],
  seenUpTo: Version,
): Ending {
  switch (outcome.as) {
    case 'returned':
      return {
        items: completed(claimed, outcome),
        options: { release: { as: 'completed' }, untimers },
      };
    case 'handed-off':
      return {
        items: handedOff(claimed, outcome),
        options: { release: { as: 'handed-off' }, untimers },
      };
    case 'failed':
      return failed(claimed, outcome.error, untimers, seenUpTo);
  }
}

export function suspendedOn(claimed: ClaimedTask, waits: WaitSpec): Ending {
  return {
    items: [{ event: taskEvent(claimed, 'TaskSuspended', { waits }) }],
    options: { release: { as: 'suspended', waits } },
  };
}

/** @param site - what the task was doing; its dead letter tells it */
export function parkedAs(
  claimed: ClaimedTask,
  { reason, error, op }: ParkRequest,
  site: Pick<FailureSite, 'operation' | 'seenUpTo'>,
): Ending {
  const { role, name } = scheduledOf(claimed);
  const chain = chainOf(error);
  const meta = { reason, error: chain, ...(op === undefined ? {} : { op }) };
  const letter = { reason, error: chain, name, attempts: claimed.epoch, ...site };
  return {
    items: [{ event: taskEvent(claimed, 'TaskParked', meta) }],
    options: { release: { as: 'parked' }, dead: { role, task: claimed.task, meta: letter } },
  };
}

export function cancelledAs(claimed: ClaimedTask): Ending {
  return {
    items: [{ event: taskEvent(claimed, 'TaskCancelled', {}) }],
    options: { release: { as: 'cancelled' } },
  };
}

/** The process ends: another one goes on, and no attempt is counted. */
export function handedBack(claimed: ClaimedTask): Ending {
  return {
    items: [{ event: taskEvent(claimed, 'TaskReleased', { epoch: claimed.epoch }) }],
    options: { release: { as: 'queued' } },
  };
}

function completed(
  claimed: ClaimedTask,
  { version, body }: Extract<Outcome, { as: 'returned' }>,
): AppendItem[] {
  const { returnTo } = scheduledOf(claimed);
  const event = taskEvent(claimed, 'TaskCompleted', { version, returnTo }, 0, body);
  return returnTo === null
    ? [{ event }, { event: workflowEvent('WorkflowCompleted', {}) }]
    : [{ event }];
}

function handedOff(
  claimed: ClaimedTask,
  { scheduled }: Extract<Outcome, { as: 'handed-off' }>,
): AppendItem[] {
  const to = scheduled.event.task as TaskId;
  return [scheduled, { event: taskEvent(claimed, 'TaskHandedOff', { to }) }];
}

function failed(
  claimed: ClaimedTask,
  error: unknown,
  untimers: readonly OperationNumber[],
  seenUpTo: Version,
): Ending {
  const { returnTo } = scheduledOf(claimed);
  const failure = { error: chainOf(error), origin: originOf(claimed, error, seenUpTo) };
  const event = { event: taskEvent(claimed, 'TaskFailed', { ...failure, returnTo }) };
  const options = { release: { as: 'failed' }, untimers } as const;
  if (returnTo !== null && returnTo.task !== ROLLBACK) return { items: [event], options };
  const then = followedBy(claimed, failure);
  return { items: [event, ...then.items], options: { ...options, ...then.options } };
}

/** Of a failure that was recorded by an earlier release. */
const UNKNOWN_SITE: FailureSite = { name: '', operation: null, attempts: 0, seenUpTo: null };

/** Here, unless the failure of a called task was passed on. */
function originOf(claimed: ClaimedTask, error: unknown, seenUpTo: Version): FailureOrigin {
  if (error instanceof CallFailed) return error.origin;
  const { role, name } = scheduledOf(claimed);
  const operation = failedOperation(error);
  return { task: claimed.task, role, site: { name, operation, attempts: claimed.epoch, seenUpTo } };
}

/** Nobody is left who could catch it. What a rollback itself cannot do always waits for a person. */
function followedBy(
  claimed: ClaimedTask,
  { error, origin: { task, role, site } }: Pick<EventMeta['TaskFailed'], 'error' | 'origin'>,
): { readonly items: AppendItem[]; readonly options: Partial<Ending['options']> } {
  const { returnTo } = scheduledOf(claimed);
  if (returnTo !== null || claimed.onFailure === 'park') {
    const reason = reasonOf(returnTo);
    const event = workflowEvent('WorkflowParked', { reason, task, error });
    const meta = { reason, error, ...UNKNOWN_SITE, ...site };
    return { items: [{ event }], options: { dead: { role, task, meta } } };
  }
  const to = claimed.onFailure === 'compensate' ? 0 : null;
  const cause: RollbackCause = { reason: 'Uncaught', by: 'policy', error };
  const begun = { reason: 'Uncaught', by: 'policy', to, task, error };
  const event = workflowEvent('RollbackStarted', begun, JSON.stringify(cause));
  return { items: [{ event }], options: { rollback: { to } } };
}

function reasonOf(returnTo: ReturnAddress | null): string {
  if (returnTo === null) return 'Uncaught';
  return returnTo.op === 0 ? 'AfterRollbackFailed' : 'CompensationFailed';
}

function workflowEvent<T extends EventType>(type: T, meta: EventMeta[T], data = ''): NewEvent {
  return { type, task: '', op: 0, meta, data };
}
