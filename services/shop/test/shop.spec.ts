import { afterAll, describe, expect, it } from '@jest/globals';
import type { Order } from '@lockstep/retail/shop';
import { deliveredOrder, initial, methodOf, pendingOrder, viktor } from './sample.js';
import { temporaryShop } from './temporary-shop.js';

const { shop, close } = temporaryShop(initial);
afterAll(close);

const cancellation = { order_id: pendingOrder.order_id, reason: 'no longer needed' };
const cancel = (database: string, reference: string, args = cancellation) =>
  shop.write(database, 'cancel_pending_order', args, reference);

function orderIn(database: string, order_id: string): Order {
  const answer = shop.read(database, 'get_order_details', { order_id });
  if (!answer.ok) throw new Error(answer.error);
  return answer.value as Order;
}

describe('a reference', () => {
  it('is answered with the first result, however often the write is repeated', () => {
    const first = cancel('repeat', 'a/b#1');
    const repeat = cancel('repeat', 'a/b#1');
    expect(first).toMatchObject({ ok: true, value: { status: 'cancelled' } });
    expect(repeat).toEqual({ ok: false, error: 'Error: non-pending order cannot be cancelled' });
    expect(shop.firstResult('repeat', 'a/b#1')).toEqual({
      call: 'cancel_pending_order',
      value: first.ok && first.value,
    });
  });

  it('keeps the first of two results when the repeat succeeds as well', () => {
    const address = { ...pendingOrder.address, order_id: pendingOrder.order_id };
    const move = (city: string) =>
      shop.write('moves', 'modify_pending_order_address', { ...address, city }, 'move');
    move('Bergen');
    move('Oslo');
    expect(orderIn('moves', pendingOrder.order_id).address.city).toBe('Oslo');
    expect(shop.firstResult('moves', 'move')).toMatchObject({
      value: { address: { city: 'Bergen' } },
    });
  });

  it('is not known after a refusal, so that the write may be done under it later', () => {
    const refused = cancel('refusal', 'r', { ...cancellation, reason: 'found it cheaper' });
    expect(refused).toEqual({ ok: false, error: 'Error: invalid reason' });
    expect(shop.firstResult('refusal', 'r')).toBeUndefined();
    cancel('refusal', 'r');
    expect(shop.firstResult('refusal', 'r')).toMatchObject({ value: { status: 'cancelled' } });
  });

  it('is known in its own database alone', () => {
    cancel('mine', 'same');
    expect(shop.firstResult('other', 'same')).toBeUndefined();
  });

  it('of a write that leaves everything as it was is known too', () => {
    const { order_id, address } = pendingOrder;
    shop.write('same', 'modify_pending_order_address', { order_id, ...address }, 'again');
    expect(shop.firstResult('same', 'again')).toBeDefined();
    expect(shop.changed('same')).toEqual([]);
  });
});

describe('databases', () => {
  it('stand side by side, each from the initial one', () => {
    cancel('left', '1');
    expect(orderIn('left', pendingOrder.order_id).status).toBe('cancelled');
    expect(orderIn('right', pendingOrder.order_id)).toEqual(pendingOrder);
    expect(shop.digest('left')).not.toBe(shop.digest('right'));
  });

  it('are kept as changed records alone, none of which is as it was at first', () => {
    const { order_id, items } = deliveredOrder;
    const back = {
      order_id,
      item_ids: [items[0]!.item_id],
      payment_method_id: methodOf(deliveredOrder),
    };
    shop.write('returned', 'return_delivered_order_items', back, '1');
    expect(shop.changed('returned').map(({ id }) => id)).toEqual([order_id]);
    shop.undo('returned', 'withdraw_return', { order_id }, '2');
    expect(shop.changed('returned')).toEqual([]);
  });
});

describe('an undo', () => {
  it('is refused when there is nothing to take back, and changes nothing', () => {
    const { order_id } = pendingOrder;
    const refusals = [
      shop.undo('fresh', 'withdraw_return', { order_id }, '1'),
      shop.undo('fresh', 'withdraw_exchange', { order_id }, '2'),
      shop.undo('fresh', 'undo_payment_change', { order_id }, '3'),
      shop.undo('fresh', 'put_back_items', { order_id, items: pendingOrder.items }, '4'),
      shop.undo('fresh', 'reinstate_order', { order_id }, '5'),
    ];
    expect(refusals.map((answer) => answer.ok)).toEqual([false, false, false, false, false]);
    expect(shop.digest('fresh')).toBe(shop.digest('untouched'));
  });

  it('of a cancellation is refused once the gift card that it credited is spent', () => {
    const { order_id } = viktor.paidByGiftCard;
    const spend = {
      order_id: viktor.paidByPayPal.order_id,
      payment_method_id: methodOf(viktor.paidByGiftCard),
    };
    expect(cancel('spent', '1', { ...cancellation, order_id }).ok).toBe(true);
    expect(shop.write('spent', 'modify_pending_order_payment', spend, '2').ok).toBe(true);
    expect(shop.undo('spent', 'reinstate_order', { order_id }, '3')).toEqual({
      ok: false,
      error: 'Error: insufficient gift card balance to take the refund back',
    });
  });

  it('of an item change refuses items of another order', () => {
    const { order_id, items } = pendingOrder;
    const same = {
      order_id,
      item_ids: [items[0]!.item_id],
      new_item_ids: [items[0]!.item_id],
      payment_method_id: methodOf(pendingOrder),
    };
    expect(shop.write('items', 'modify_pending_order_items', same, '1').ok).toBe(true);
    const others = { order_id, items: deliveredOrder.items };
    expect(shop.undo('items', 'put_back_items', others, '2')).toEqual({
      ok: false,
      error: 'Error: the items are not those of the order',
    });
  });
});
