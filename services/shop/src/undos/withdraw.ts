import type { Order, OrderArguments } from '@lockstep/retail/shop';
import { changedOrder, existingOrder, without } from '../tools/orders.js';
import { type Done, refuseUnless, type RetailView } from '../tools/view.js';

const RETURN_FIELDS = ['return_items', 'return_payment_method_id'] as const;

const EXCHANGE_FIELDS = [
  'exchange_items',
  'exchange_new_items',
  'exchange_payment_method_id',
  'exchange_price_difference',
] as const;

/** Takes back `return_delivered_order_items`. */
export function withdrawReturn(view: RetailView, { order_id }: OrderArguments): Done<Order> {
  const order = existingOrder(view, order_id);
  refuseUnless(order.status === 'return requested', 'no return of the order is requested');
  return changedOrder({ ...without(order, RETURN_FIELDS), status: 'delivered' });
}

/** Takes back `exchange_delivered_order_items`. */
export function withdrawExchange(view: RetailView, { order_id }: OrderArguments): Done<Order> {
  const order = existingOrder(view, order_id);
  refuseUnless(order.status === 'exchange requested', 'no exchange of the order is requested');
  return changedOrder({ ...without(order, EXCHANGE_FIELDS), status: 'delivered' });
}
