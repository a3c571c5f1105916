import type { CancelPendingOrder, Order, PaymentEntry, User } from '@lockstep/retail/shop';
import { credited, isGiftCard } from './money.js';
import { buyerOf, changedOrder, existingOrder } from './orders.js';
import { type Done, refuseUnless, type RetailView } from './view.js';

const REASONS = ['no longer needed', 'ordered by mistake'];

/**
 * Refunds every entry of the payment history, whatever its type: after a
 * payment change that is one refund too much, as the specification has it.
 */
export function cancelPendingOrder(view: RetailView, args: CancelPendingOrder): Done<Order> {
  const order = existingOrder(view, args.order_id);
  refuseUnless(order.status === 'pending', 'non-pending order cannot be cancelled');
  refuseUnless(REASONS.includes(args.reason), 'invalid reason');

  const refunds = order.payment_history.map(refundOf);
  const cancelled: Order = {
    ...order,
    status: 'cancelled',
    cancel_reason: args.reason,
    payment_history: [...order.payment_history, ...refunds],
  };
  return changedOrder(cancelled, refunds.reduce(refunded, buyerOf(view, order)));
}

function refundOf({ amount, payment_method_id }: PaymentEntry): PaymentEntry {
  return { transaction_type: 'refund', amount, payment_method_id };
}

/** Gift cards are credited at once; other methods only have the entry. */
function refunded(user: User, { payment_method_id, amount }: PaymentEntry): User {
  return isGiftCard(payment_method_id) ? credited(user, payment_method_id, amount) : user;
}
