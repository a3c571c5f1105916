import type {
  Address,
  ModifyPendingOrderAddress,
  ModifyUserAddress,
  Order,
  User,
} from '@lockstep/retail/shop';
import { changedOrder, existingOrder } from './orders.js';
import { type Done, refuseUnless, type RetailView } from './view.js';

export function modifyPendingOrderAddress(
  view: RetailView,
  args: ModifyPendingOrderAddress,
): Done<Order> {
  const order = existingOrder(view, args.order_id);
  refuseUnless(order.status === 'pending', 'non-pending order cannot be modified');
  return changedOrder({ ...order, address: addressOf(args) });
}

/** The user's orders keep their own address. */
export function modifyUserAddress(view: RetailView, args: ModifyUserAddress): Done<User> {
  const user = view.find('users', args.user_id);
  refuseUnless(user, 'user not found');
  const after = { ...user, address: addressOf(args) };
  return { value: after, changed: [{ table: 'users', id: args.user_id, after }] };
}

function addressOf({ address1, address2, city, state, country, zip }: Address): Address {
  return { address1, address2, city, state, country, zip };
}
