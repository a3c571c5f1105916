import type { Order, ReturnDeliveredOrderItems } from '@lockstep/retail/shop';
import { missingItem } from './item-pairs.js';
import { isGiftCard, methodOf } from './money.js';
import { buyerOf, changedOrder, existingOrder } from './orders.js';
import { type Done, refuseUnless, type RetailView } from './view.js';

/** Records the request. No money moves. */
export function returnDeliveredOrderItems(
  view: RetailView,
  { order_id, item_ids, payment_method_id }: ReturnDeliveredOrderItems,
): Done<Order> {
  const order = existingOrder(view, order_id);
  refuseUnless(order.status === 'delivered', 'non-delivered order cannot be returned');
  methodOf(buyerOf(view, order), payment_method_id);
  refuseUnless(
    isGiftCard(payment_method_id) || payment_method_id === originalMethod(order),
    'payment method should be either the original payment method or a gift card',
  );
  refuseUnless(missingItem(order, item_ids) === undefined, 'some item not found');

  return changedOrder({
    ...order,
    status: 'return requested',
    return_items: item_ids.toSorted(),
    return_payment_method_id: payment_method_id,
  });
}

function originalMethod({ payment_history }: Order): string | undefined {
  return payment_history.find((entry) => entry.transaction_type === 'payment')?.payment_method_id;
}
