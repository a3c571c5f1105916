import type { ModifyPendingOrderPayment, Order, PaymentEntry, User } from '@lockstep/retail/shop';
import { credited, isGiftCard, methodOf, mustAfford } from './money.js';
import { buyerOf, changedOrder, existingOrder } from './orders.js';
import { type Done, refuseUnless, type RetailView } from './view.js';

/** Charges the new method and refunds the old one. Works once per order. */
export function modifyPendingOrderPayment(
  view: RetailView,
  { order_id, payment_method_id }: ModifyPendingOrderPayment,
): Done<Order> {
  const order = existingOrder(view, order_id);
  refuseUnless(order.status === 'pending', 'non-pending order cannot be modified');
  const user = buyerOf(view, order);
  const method = methodOf(user, payment_method_id);
  const paid = onlyPayment(order);
  refuseUnless(
    paid.payment_method_id !== payment_method_id,
    'the new payment method should be different from the current one',
  );
  mustAfford(method, paid.amount, 'insufficient gift card balance to pay for the order');

  return changedOrder(
    { ...order, payment_history: [...order.payment_history, ...entries(paid, payment_method_id)] },
    moved(user, paid, payment_method_id),
  );
}

function onlyPayment({ payment_history }: Order): PaymentEntry {
  const [payment, ...more] = payment_history;
  refuseUnless(
    payment?.transaction_type === 'payment' && more.length === 0,
    'there should be exactly one payment for a pending order',
  );
  return payment;
}

function entries({ amount, payment_method_id }: PaymentEntry, newMethod: string): PaymentEntry[] {
  return [
    { transaction_type: 'payment', amount, payment_method_id: newMethod },
    { transaction_type: 'refund', amount, payment_method_id },
  ];
}

function moved(user: User, { amount, payment_method_id: old }: PaymentEntry, to: string): User {
  const charged = isGiftCard(to) ? credited(user, to, -amount) : user;
  return isGiftCard(old) ? credited(charged, old, amount) : charged;
}
