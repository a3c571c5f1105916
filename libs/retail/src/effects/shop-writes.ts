import type { ToolValue } from '../shop/answers.js';
import type { ToolArguments } from '../shop/arguments.js';
import type { Order } from '../shop/records.js';
import type { WriteTool } from '../shop/tools.js';
import type { UndoArguments, UndoName } from '../shop/undos.js';

/** What a person is shown of a change. */
export interface Diff {
  readonly before: unknown;
  readonly after: unknown;
}

type ToolCall<T extends WriteTool> = { readonly tool: T; readonly arguments: ToolArguments<T> };
type UndoCall<U extends UndoName> = { readonly undo: U; readonly arguments: UndoArguments<U> };

/** The call that takes a write back exactly: an administrative undo, or a tool with the old values. */
export type Reverse =
  | ToolCall<'modify_user_address'>
  | ToolCall<'modify_pending_order_address'>
  | { readonly [U in UndoName]: UndoCall<U> }[UndoName];

interface ShopWrite<T extends WriteTool> {
  /** @param before - the record before the write */
  readonly diff: (before: ToolValue<T>, args: ToolArguments<T>) => Diff;
  readonly reverse: (before: ToolValue<T>, args: ToolArguments<T>) => Reverse;
}

const undoing =
  (undo: Exclude<UndoName, 'put_back_items'>) =>
  ({ order_id }: Order): Reverse => ({ undo, arguments: { order_id } });

/** How each write is shown to a person, and taken back. */
export const SHOP_WRITES: { readonly [T in WriteTool]: ShopWrite<T> } = {
  modify_user_address: {
    diff: ({ address }, { user_id: _, ...after }) => ({ before: address, after }),
    reverse: ({ address }, { user_id }) => ({
      tool: 'modify_user_address',
      arguments: { ...address, user_id },
    }),
  },
  modify_pending_order_address: {
    diff: ({ address }, { order_id: _, ...after }) => ({ before: address, after }),
    reverse: ({ order_id, address }) => ({
      tool: 'modify_pending_order_address',
      arguments: { ...address, order_id },
    }),
  },
  modify_pending_order_payment: {
    diff: ({ payment_history }, { payment_method_id }) => ({
      before: payment_history.map((entry) => entry.payment_method_id),
      after: [payment_method_id],
    }),
    reverse: undoing('undo_payment_change'),
  },
  modify_pending_order_items: {
    diff: (_, { item_ids, new_item_ids }) => ({ before: item_ids, after: new_item_ids }),
    reverse: ({ order_id, items }) => ({
      undo: 'put_back_items',
      arguments: { order_id, items },
    }),
  },
  cancel_pending_order: {
    diff: ({ status, payment_history }) => ({
      before: { status },
      after: { status: 'cancelled', refunds: payment_history.map(({ amount }) => amount) },
    }),
    reverse: undoing('reinstate_order'),
  },
  return_delivered_order_items: {
    diff: ({ status }, { item_ids }) => ({
      before: { status },
      after: { status: 'return requested', item_ids },
    }),
    reverse: undoing('withdraw_return'),
  },
  exchange_delivered_order_items: {
    diff: (_, { item_ids, new_item_ids }) => ({ before: item_ids, after: new_item_ids }),
    reverse: undoing('withdraw_exchange'),
  },
};
