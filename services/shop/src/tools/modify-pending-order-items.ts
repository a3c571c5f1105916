import type { Order, PaymentEntry, ReplaceItems } from '@lockstep/retail/shop';
import { mustMatch, priceDifference, replacedItems } from './item-pairs.js';
import { credited, methodOf, mustAfford } from './money.js';
import { buyerOf, changedOrder, existingOrder } from './orders.js';
import { type Done, refuseUnless, type RetailView } from './view.js';

/** Replaces items and settles the difference. No other tool accepts the order from then on. */
export function modifyPendingOrderItems(view: RetailView, args: ReplaceItems): Done<Order> {
  const order = existingOrder(view, args.order_id);
  refuseUnless(order.status === 'pending', 'non-pending order cannot be modified');
  mustMatch(order, args);
  const difference = priceDifference(view, order, args);
  const user = buyerOf(view, order);
  const method = methodOf(user, args.payment_method_id);
  mustAfford(method, difference, 'insufficient gift card balance to pay for the new item');

  const modified: Order = {
    ...order,
    status: 'pending (item modified)',
    items: replacedItems(view, order, args),
    payment_history: [...order.payment_history, settlement(difference, method.id)],
  };
  const paysByGiftCard = method.source === 'gift_card';
  return changedOrder(modified, paysByGiftCard ? credited(user, method.id, -difference) : user);
}

/** The amount keeps the noise of its calculation; a difference of 0 is a refund of 0. */
function settlement(difference: number, payment_method_id: string): PaymentEntry {
  const transaction_type = difference > 0 ? 'payment' : 'refund';
  return { transaction_type, amount: Math.abs(difference), payment_method_id };
}
