import { type RecordedEvent, ROLLBACK, type TaskId } from '../events/event.js';
import type { EffectView } from './effects.js';
import type { RollbackView } from './workflow-view.js';

/** A rollback as it begins. */
export function rollbackOf(
  event: RecordedEvent<'RollbackStarted' | 'CancelRequested'>,
): RollbackView {
  const { reason, by } = event.meta;
  const begun = { reason, by, sinceMs: event.atMs, undone: 0, left: 0 };
  if (event.type === 'CancelRequested') return { ...begun, error: [], to: 0 };
  return { ...begun, error: event.meta.error ?? [], to: event.meta.to };
}

/** How far it has come. What its own tasks do stands. */
export function progressOf(rollback: RollbackView, effects: readonly EffectView[]): RollbackView {
  const { to } = rollback;
  const meant = effects.filter(
    ({ task, committedAt }) => !isOfRollback(task) && to !== null && (committedAt ?? 0) > to,
  );
  const undone = meant.filter(({ status }) => status === 'compensated').length;
  return { ...rollback, undone, left: meant.length - undone };
}

/** Whether a rollback has scheduled the task, or one that called it. */
export const isOfRollback = (task: TaskId): boolean => task.startsWith(ROLLBACK);
