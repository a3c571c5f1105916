import { describe, expect, it } from '@jest/globals';
import type { Order, User } from '../shop/records.js';
import { SHOP_WRITES } from './shop-writes.js';

const address = {
  address1: '1 Old Road',
  address2: '',
  city: 'Lisbon',
  state: 'LX',
  country: 'PT',
  zip: '1000',
};
const moved = { ...address, address1: '2 New Road' };
const item = { name: 'Lamp', product_id: '1', item_id: '11', price: 5, options: {} };
const paid = { transaction_type: 'payment', amount: 9, payment_method_id: 'paypal_1' } as const;
const order = {
  order_id: '#W1',
  address,
  items: [item],
  status: 'pending',
  payment_history: [paid],
} as unknown as Order;
const user = { address } as User;

describe('how a write is shown', () => {
  it('sets the new address against the old one', () => {
    const { diff } = SHOP_WRITES.modify_user_address;
    expect(diff(user, { user_id: 'u', ...moved })).toEqual({ before: address, after: moved });
  });

  it('says what a cancellation pays back', () => {
    const { diff } = SHOP_WRITES.cancel_pending_order;
    expect(diff(order, { order_id: '#W1', reason: 'no longer needed' })).toEqual({
      before: { status: 'pending' },
      after: { status: 'cancelled', refunds: [9] },
    });
  });
});

describe('how a write is taken back', () => {
  it('puts an address back with the same tool', () => {
    const { reverse } = SHOP_WRITES.modify_pending_order_address;
    expect(reverse(order, { order_id: '#W1', ...moved })).toEqual({
      tool: 'modify_pending_order_address',
      arguments: { order_id: '#W1', ...address },
    });
  });

  it('puts back the items as they were', () => {
    const { reverse } = SHOP_WRITES.modify_pending_order_items;
    const args = { order_id: '#W1', item_ids: [], new_item_ids: [], payment_method_id: 'p' };
    expect(reverse(order, args)).toEqual({
      undo: 'put_back_items',
      arguments: { order_id: '#W1', items: [item] },
    });
  });
});
