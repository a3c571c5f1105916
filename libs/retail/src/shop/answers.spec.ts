import { expect, it } from '@jest/globals';
import { paymentEntriesOf } from './answers.js';
import type { Order, PaymentEntry } from './records.js';

const entry = (amount: number): PaymentEntry => ({
  transaction_type: 'payment',
  amount,
  payment_method_id: 'paypal_1',
});

const address = { address1: '', address2: '', city: '', state: '', country: '', zip: '' };

const orderWith = (...amounts: number[]): Order => ({
  order_id: '#W1',
  user_id: 'ines',
  address,
  items: [],
  fulfillments: [],
  status: 'pending',
  payment_history: amounts.map(entry),
});

it('finds the refunds of a cancellation, one for every entry that was there', () => {
  expect(paymentEntriesOf('cancel_pending_order', orderWith(1, 2))).toEqual([entry(2)]);
  const afterPaymentChange = orderWith(1, 2, 3, 4, 5, 6);
  const refunds = [entry(4), entry(5), entry(6)];
  expect(paymentEntriesOf('cancel_pending_order', afterPaymentChange)).toEqual(refunds);
});

it('finds the two entries of a payment change', () => {
  const entries = paymentEntriesOf('modify_pending_order_payment', orderWith(1, 2, 3));
  expect(entries).toEqual([entry(2), entry(3)]);
});

it('finds the settlement of an item change', () => {
  expect(paymentEntriesOf('modify_pending_order_items', orderWith(1, 2))).toEqual([entry(2)]);
});

it('finds none for requests and for address changes', () => {
  const order = orderWith(1);
  expect(paymentEntriesOf('return_delivered_order_items', order)).toEqual([]);
  expect(paymentEntriesOf('exchange_delivered_order_items', order)).toEqual([]);
  expect(paymentEntriesOf('modify_pending_order_address', order)).toEqual([]);
  const user = {
    name: { first_name: 'Ines', last_name: 'Duarte' },
    address,
    email: '',
    payment_methods: {},
    orders: [],
  };
  expect(paymentEntriesOf('modify_user_address', user)).toEqual([]);
});
