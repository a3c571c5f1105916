import type { Order, OrderItem, PutBackItems } from '@lockstep/retail/shop';
import { buyerOf, changedOrder, existingOrder } from '../tools/orders.js';
import { type Done, refuseUnless, type RetailView } from '../tools/view.js';
import { takenBack } from './take-back.js';

/** Takes back `modify_pending_order_items`: the items as given, and the settled difference. */
export function putBackItems(view: RetailView, { order_id, items }: PutBackItems): Done<Order> {
  const order = existingOrder(view, order_id);
  refuseUnless(
    order.status === 'pending (item modified)',
    'the items of the order were not modified',
  );
  refuseUnless(sameProducts(order.items, items), 'the items are not those of the order');
  const settlement = order.payment_history.at(-1);
  refuseUnless(settlement, 'the order has no payment to take back');

  return changedOrder(
    { ...order, status: 'pending', items, payment_history: order.payment_history.slice(0, -1) },
    takenBack(buyerOf(view, order), settlement),
  );
}

/** An item change keeps product and place of every item. */
function sameProducts(now: OrderItem[], before: OrderItem[]): boolean {
  return (
    now.length === before.length &&
    now.every((item, position) => item.product_id === before[position]?.product_id)
  );
}
