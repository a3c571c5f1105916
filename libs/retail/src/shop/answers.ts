import type { Order, PaymentEntry, Product, User } from './records.js';
import type { ToolName, WriteTool } from './tools.js';

/**
 * What the shop says to a call that it acted on: the value, or a definite no
 * (a text that starts with `Error: `), after which nothing has changed.
 */
export type Answer<V> = { ok: true; value: V } | { ok: false; error: string };

interface Values {
  modify_user_address: User;
  find_user_id_by_email: string;
  find_user_id_by_name_zip: string;
  get_user_details: User;
  get_product_details: Product;
  /** Product name to product id. */
  list_all_product_types: Record<string, string>;
  /** A number as text, with at least one decimal. */
  calculate: string;
  think: string;
  transfer_to_human_agents: string;
}

/** What a tool returns when it succeeds: the order, where nothing else is said. */
export type ToolValue<T extends ToolName> = T extends keyof Values ? Values[T] : Order;

/**
 * How many of a history's last entries a write appended, by the length of the
 * history after it. A cancellation refunds every entry that was there.
 */
const APPENDED: { [T in WriteTool]?: (length: number) => number } = {
  cancel_pending_order: (length) => length / 2,
  modify_pending_order_payment: () => 2,
  modify_pending_order_items: () => 1,
};

/**
 * The payment entries that a successful write appended to the order that it
 * returned. Follows from the answer alone, so that it can be told after a crash
 * from the first result of a reference.
 */
export function paymentEntriesOf<T extends WriteTool>(
  tool: T,
  value: ToolValue<T>,
): PaymentEntry[] {
  if (!('payment_history' in value)) return [];
  const { length } = value.payment_history;
  return value.payment_history.slice(length - (APPENDED[tool]?.(length) ?? 0));
}
