import type { Order, OrderArguments } from '@lockstep/retail/shop';
import { buyerOf, changedOrder, existingOrder, without } from '../tools/orders.js';
import { type Done, refuseUnless, type RetailView } from '../tools/view.js';
import { takenBack } from './take-back.js';

/** Takes back `cancel_pending_order`: the second half of the payment history are its refunds. */
export function reinstateOrder(view: RetailView, { order_id }: OrderArguments): Done<Order> {
  const order = existingOrder(view, order_id);
  refuseUnless(order.status === 'cancelled', 'non-cancelled order cannot be reinstated');
  const paid = order.payment_history.slice(0, order.payment_history.length / 2);
  const refunds = order.payment_history.slice(paid.length);

  const user = refunds.toReversed().reduce(takenBack, buyerOf(view, order));
  return changedOrder(
    { ...without(order, ['cancel_reason']), status: 'pending', payment_history: paid },
    user,
  );
}
