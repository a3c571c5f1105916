import type { Order, RetailDatabase } from '@lockstep/retail/shop';
import { readJobs, SAMPLE } from './jobs.js';

/** The sample's database, and the records that tests speak of. */
export const initial: RetailDatabase = readJobs(SAMPLE).initial;

/** The first order for which `fits` holds. */
function orderThat(fits: (order: Order) => boolean) {
  const order = Object.values(initial.orders).find(fits);
  if (!order) throw new Error('the sample has no such order');
  return order;
}

export const pendingOrder = orderThat(({ status }) => status === 'pending');

export const deliveredOrder = orderThat(({ status }) => status === 'delivered');

/** The method that paid for an order. */
export function methodOf({ payment_history: [paid] }: Order): string {
  if (!paid) throw new Error('the order has no payment');
  return paid.payment_method_id;
}

/** A user with a gift card that paid for one pending order, and has money for the other. */
export const viktor = {
  paidByGiftCard: orderThat(
    (order) => order.user_id.startsWith('viktor') && methodOf(order).startsWith('gift_card'),
  ),
  paidByPayPal: orderThat(
    (order) => order.user_id.startsWith('viktor') && methodOf(order).startsWith('paypal'),
  ),
};
