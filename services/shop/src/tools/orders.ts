import type { Order, User } from '@lockstep/retail/shop';
import { type Done, refuseUnless, type RetailView } from './view.js';

export function existingOrder(view: RetailView, orderId: string): Order {
  const order = view.find('orders', orderId);
  refuseUnless(order, 'order not found');
  return order;
}

/** The user who ordered; that one exists is a property of the data. */
export function buyerOf(view: RetailView, order: Order): User {
  const user = view.find('users', order.user_id);
  if (!user) throw new Error(`order ${order.order_id} belongs to no user`);
  return user;
}

/** The order as it now is; and its buyer, where a gift card was touched. */
export function changedOrder(order: Order, buyer?: User): Done<Order> {
  return {
    value: order,
    changed: [
      { table: 'orders', id: order.order_id, after: order },
      ...(buyer ? [{ table: 'users' as const, id: order.user_id, after: buyer }] : []),
    ],
  };
}

/** The order with some of its fields removed. */
export function without<F extends keyof Order>(order: Order, fields: readonly F[]): Omit<Order, F> {
  const kept = Object.entries(order).filter(([field]) => !fields.includes(field as F));
  return Object.fromEntries(kept) as unknown as Omit<Order, F>;
}
