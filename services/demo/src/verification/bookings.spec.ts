import { describe, expect, it } from '@jest/globals';
import type { Order } from '@lockstep/retail/shop';
import type { AssignedDatabase } from '../assignment/assignment.js';
import { type Booking, compareBookings, difference, expectedBookings } from './bookings.js';

const paid = { transaction_type: 'payment', amount: 10, payment_method_id: 'p' } as const;
const refund = {
  transaction_type: 'refund',
  amount: 14.739999999999952,
  payment_method_id: 'p',
} as const;
const booking: Booking = { database: 'd', order_id: '#W1', ...refund };

const order = (payment_history: Order['payment_history']) => ({ payment_history }) as Order;

describe('the bookings expected of a database', () => {
  it('are the entries that its orders did not have at first', () => {
    const database = {
      name: 'd',
      changed: [
        { table: 'orders', id: '#W1', after: order([paid, refund]) },
        { table: 'users', id: 'u', after: {} },
        { table: 'orders', id: '#W2', after: order([paid]) },
      ],
    } as unknown as AssignedDatabase;
    const initial = { '#W1': order([paid]), '#W2': order([paid]) };
    expect(expectedBookings(database, initial)).toEqual([booking]);
  });
});

describe('comparing bookings', () => {
  it('finds nothing when all are there', () => {
    expect(compareBookings([booking], [{ ...booking }])).toEqual({
      expected: 1,
      found: 1,
      lost: 0,
      doubled: 0,
    });
  });

  it('sees an amount that differs in its last bit as one lost and one too many', () => {
    const off = { ...booking, amount: 14.73999999999995 };
    expect(compareBookings([booking], [off])).toMatchObject({ lost: 1, doubled: 1 });
  });

  it('counts each repetition', () => {
    expect(difference(['a', 'b'], ['a', 'a', 'a', 'b'])).toMatchObject({ lost: 0, doubled: 2 });
  });

  it('counts each missing one of several that are alike', () => {
    expect(difference(['a', 'a', 'b'], ['a'])).toMatchObject({ lost: 2, doubled: 0 });
  });
});
