import { intentInDoubt } from '../effect/progress.js';
import type {
  EffectVerdict,
  NewEvent,
  OperationNumber,
  RecordedEvent,
  TaskId,
} from '../events/event.js';
import { Journal } from '../journal/journal.js';
import { SettlementRefused } from './refusals.js';
import { outlineOf, standing } from './task-outline.js';

/** What a person knows about an effect in doubt. */
export interface Settlement {
  readonly task: TaskId;
  readonly op: OperationNumber;
  readonly verdict: EffectVerdict;
  /** JSON text of the receipt; empty unless it happened. */
  readonly receipt: string;
  readonly by: string;
  readonly reason: string;
}

/**
 * The decision that settles an effect in doubt and sends its task back to its role.
 *
 * @param events - the whole log
 * @throws UnknownTask when the log never scheduled the task
 * @throws SettlementRefused when the task is not parked, or that operation is no effect in doubt
 */
export function planSettlement(
  events: readonly RecordedEvent[],
  { task, op, verdict, receipt, by, reason }: Settlement,
): NewEvent<'EffectSettled'>[] {
  const outline = outlineOf(events, task);
  if (outline.last.type !== 'TaskParked') {
    const why = `the task ${standing(outline)}, and does not wait for a person`;
    throw new SettlementRefused(task, op, why);
  }
  if (!intentInDoubt(new Journal(task, events).recorded(op))) {
    throw new SettlementRefused(task, op, 'it is not an effect in doubt');
  }
  return [{ type: 'EffectSettled', task, op, meta: { verdict, by, reason }, data: receipt }];
}
