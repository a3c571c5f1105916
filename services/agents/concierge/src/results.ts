import type { ActionResult, JobSummary, ToolAnswer } from '@lockstep/retail/contracts';
import { digestOf, isWriteTool } from '@lockstep/retail/shop';
import { Rejected } from '@lockstep/runtime';
import type { NumberedAction, Phase } from './plan.js';

/** What the job's result says of one action. */
export function resultOf({ name }: NumberedAction, answer: ToolAnswer): ActionResult {
  if (answer.ok) return { name, ok: true, out: digestOf(answer.value) };
  const error = answer.error ?? '';
  return { name, ok: false, error, out: digestOf(error) };
}

/** @throws Rejected with the shop's text when a write was refused; a read may be */
export function mustBeDone(results: readonly ActionResult[]): readonly ActionResult[] {
  const refused = results.find(({ name, ok }) => !ok && isWriteTool(name));
  if (refused) throw new Rejected(refused.error ?? '', { action: refused.name });
  return results;
}

/** What a phase adds to the job's summary. */
export function progressOf(
  phase: Phase,
  results: readonly ActionResult[],
  bookings: number,
): Partial<JobSummary> {
  const refused = results.filter(({ ok }) => !ok).length;
  const ordersChanged = phase.flatMap((action, at) =>
    results[at]?.ok && isWriteTool(action.name) ? orderOf(action) : [],
  );
  return {
    done: results.map(({ name, ok, error }) => `${name}: ${ok ? 'done' : (error ?? '')}`),
    ...(refused > 0 && { refused }),
    ...(ordersChanged.length > 0 && { ordersChanged }),
    ...(bookings > 0 && { bookings }),
  };
}

/** The order that an action is about; none for a customer's own address. */
function orderOf({ arguments: args }: NumberedAction): string[] {
  return 'order_id' in args && typeof args.order_id === 'string' ? [args.order_id] : [];
}
