import type { EventMeta, EventType, ReturnAddress, TaskId, WaitSpec } from '@lockstep/kernel';
import type { AppendItem } from '../../src/index.js';

/** An item of an append that only records an event. */
export function event<T extends EventType>(
  task: TaskId | '',
  type: T,
  meta: EventMeta[T],
  op = 0,
  data = '',
): AppendItem {
  return { event: { type, task, op, meta, data } };
}

export const FAILURE = [
  { name: 'Error', code: 'Error', kind: 'permanent', message: 'no' },
] as const;

export const stepOf = (task: TaskId, op: number, result = '[]'): AppendItem =>
  event(task, 'StepCompleted', { name: 'a', attempt: 1 }, op, result);

export const completed = (task: TaskId): AppendItem =>
  event(task, 'TaskCompleted', { version: 1, returnTo: null }, 0, '{}');

export const failed = (task: TaskId): AppendItem =>
  event(task, 'TaskFailed', {
    error: FAILURE,
    returnTo: null,
    origin: { task, role: 'orders' },
  });

export const suspended = (task: TaskId, waits: WaitSpec): AppendItem =>
  event(task, 'TaskSuspended', { waits });

const REFUND = { action: 'refund', key: 'k', attempt: 1, inputDigest: 'd' } as const;

export const intended = (task: TaskId, op = 1): AppendItem =>
  event(task, 'EffectIntended', { ...REFUND, windowMs: 1000, timeoutMs: 1000, risk: 'low' }, op);

export const notPerformed = (task: TaskId, op = 1): AppendItem =>
  event(
    task,
    'EffectNotPerformed',
    { attempt: 1, error: FAILURE, retryInMs: null, timer: false },
    op,
  );

export const committed = (task: TaskId, op = 1): AppendItem =>
  event(
    task,
    'EffectCommitted',
    { action: 'refund', key: 'k', occurrence: 1, by: 'attempt' },
    op,
    '{}',
  );

/** Schedules the child of operation `op`, in the inbox of orders; its outcome goes to `returnTo`. */
export function called(
  task: TaskId,
  op: number,
  returnTo: ReturnAddress | null = { task, op },
): AppendItem {
  const child = `${task}.${op}` as TaskId;
  const to = { role: 'orders', major: 1, name: 'lookup', version: 1 };
  const scheduled = event(child, 'TaskScheduled', { ...to, by: { task, op }, returnTo }, 0, '{}');
  return { ...scheduled, deliver: { inbox: 'orders@1', returnTo } };
}
