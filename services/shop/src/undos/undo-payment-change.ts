import type { Order, OrderArguments } from '@lockstep/retail/shop';
import { buyerOf, changedOrder, existingOrder } from '../tools/orders.js';
import { type Done, refuseUnless, type RetailView } from '../tools/view.js';
import { takenBack } from './take-back.js';

/** Takes back `modify_pending_order_payment`: its two entries and what they moved. */
export function undoPaymentChange(view: RetailView, { order_id }: OrderArguments): Done<Order> {
  const order = existingOrder(view, order_id);
  refuseUnless(order.status === 'pending', 'the payment of a non-pending order cannot be undone');
  const [payment, ...change] = order.payment_history;
  refuseUnless(payment && change.length === 2, 'the payment of the order was not changed');

  const user = change.toReversed().reduce(takenBack, buyerOf(view, order));
  return changedOrder({ ...order, payment_history: [payment] }, user);
}
