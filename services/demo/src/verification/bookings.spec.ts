import { describe, expect, it } from '@jest/globals';
import type { Order } from '@lockstep/retail/shop';
import type { AssignedDatabase } from '../assignment/assignment.js';
import {
  type Booking,
  compareBookings,
  difference,
  expectedBookings,
  foundBookings,
} from './bookings.js';

const paid = { transaction_type: 'payment', amount: 10, payment_method_id: 'p' } as const;
const refund = {
  transaction_type: 'refund',
  amount: 14.739999999999952,
  payment_method_id: 'p',
} as const;
const booking: Booking = { database: 'd', order_id: '#W1', ...refund, isReverse: false };
const reverse: Booking = { ...booking, transaction_type: 'payment', isReverse: true };

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
      undone: [],
    } as unknown as AssignedDatabase;
    const initial = { '#W1': order([paid]), '#W2': order([paid]) };
    expect(expectedBookings(database, initial)).toEqual([booking]);
  });
});

describe('the bookings of a rollback', () => {
  const booked = { database: 'd', order_id: '#W1', ...refund, reference: 'd/#W1/cancel/0' };
  const opposite = {
    ...booked,
    ...{ reference: 'undo:d/#W1/cancel/0', transaction_type: 'payment' as const },
  };

  it('G6: are those that were made by then, each with its opposite', () => {
    const undone = [{ table: 'orders', id: '#W1', after: order([paid, refund]) }] as never;
    const initial = { '#W1': order([paid]) };
    expect(expectedBookings({ name: 'd', changed: [], undone }, initial)).toEqual([
      booking,
      reverse,
    ]);
  });

  it('G6: are what the bank has when the one names the other', () => {
    const found = foundBookings([booked, opposite]);
    expect(compareBookings([booking, reverse], found)).toMatchObject({ lost: 0, doubled: 0 });
  });

  it.each([
    ['another amount', [booked, { ...opposite, amount: 14.73 }]],
    ['the same direction', [booked, { ...opposite, transaction_type: 'refund' as const }]],
    ['another account', [booked, { ...opposite, payment_method_id: 'q' }]],
    ['no other entry', [booked, { ...opposite, reference: 'undo:d/#W2/cancel/0' }]],
    ['none, though it is the opposite', [booked, { ...opposite, reference: 'd/#W1/change/0' }]],
  ])('see one that takes back %s as lost, and as one too many', (__, entries) => {
    const found = compareBookings([booking, reverse], foundBookings(entries));
    expect(found).toMatchObject({ lost: 1, doubled: 1 });
  });

  it('see an entry that was taken back twice', () => {
    const found = foundBookings([booked, opposite, opposite]);
    expect(compareBookings([booking, reverse], found)).toMatchObject({ lost: 0, doubled: 1 });
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
