import type { NewEvent, OperationNumber, RecordedEvent, TaskId } from '../events/event.js';
import { isOwnFailure, Journal } from '../journal/journal.js';
import { planRedrive } from './plan-redrive.js';
import { SkipRefused } from './refusals.js';
import { outlineOf } from './task-outline.js';

/** A result that a person gives an operation in place of its own. */
export interface Skip {
  readonly task: TaskId;
  /** Default: the operation whose failure ended the task. */
  readonly op?: OperationNumber | undefined;
  /** JSON text of the result. */
  readonly value: string;
  readonly reason: string;
  readonly by: string;
}

/**
 * The decisions that give the operation which ended a task its result, and send the task back to its role.
 *
 * @param events - the whole log
 * @throws UnknownTask when the log never scheduled it
 * @throws RedriveRefused as of {@link planRedrive}
 * @throws SkipRefused when no operation of its own ended the task, or another one than the person names
 */
export function planSkip(
  events: readonly RecordedEvent[],
  { task, op, value, reason, by }: Skip,
): NewEvent[] {
  const reopening = planRedrive(events, { task, reason, by });
  const failed = new Journal(task, events).lastResult();
  const hasFailed = outlineOf(events, task).last.type === 'TaskFailed';
  if (!hasFailed || !failed || !isOwnFailure(failed.event)) {
    throw new SkipRefused(
      task,
      'it was not ended by the failure of a step or an effect of its own',
    );
  }
  if (op !== undefined && op !== failed.op) {
    throw new SkipRefused(task, `its operation ${failed.op} failed, and not ${op}`);
  }
  const skipped: NewEvent<'OperationSkipped'> = {
    ...{ type: 'OperationSkipped', task, op: failed.op, meta: { reason, by }, data: value },
  };
  return [...reopening, skipped];
}
