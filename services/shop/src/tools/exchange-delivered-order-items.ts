import type { Order, ReplaceItems } from '@lockstep/retail/shop';
import { mustMatch, priceDifference } from './item-pairs.js';
import { methodOf, mustAfford, round2 } from './money.js';
import { buyerOf, changedOrder, existingOrder } from './orders.js';
import { type Done, refuseUnless, type RetailView } from './view.js';

/** Records the request. No money moves and no item is replaced; the pairing is not kept. */
export function exchangeDeliveredOrderItems(view: RetailView, args: ReplaceItems): Done<Order> {
  const order = existingOrder(view, args.order_id);
  refuseUnless(order.status === 'delivered', 'non-delivered order cannot be exchanged');
  mustMatch(order, args);
  const difference = round2(priceDifference(view, order, args));
  const method = methodOf(buyerOf(view, order), args.payment_method_id);
  mustAfford(method, difference, 'insufficient gift card balance to pay for the price difference');

  return changedOrder({
    ...order,
    status: 'exchange requested',
    exchange_items: args.item_ids.toSorted(),
    exchange_new_items: args.new_item_ids.toSorted(),
    exchange_payment_method_id: args.payment_method_id,
    exchange_price_difference: difference,
  });
}
