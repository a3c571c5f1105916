import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BankEntry, paymentEntriesOf } from '@lockstep/retail/shop';
import { startShop, send } from './running-shop.js';
import { methodOf, pendingOrder } from './sample.js';

let world: Awaited<ReturnType<typeof startShop>>;
beforeAll(async () => {
  world = await startShop();
});
afterAll(() => world.stop());

const { order_id } = pendingOrder;
const cancellation = { order_id, reason: 'no longer needed' };

describe('the shop', () => {
  it('keeps what was done under a reference with slashes, # and %', async () => {
    const reference = `run 1/job#7/${order_id}/cancel_pending_order/100%/${'x'.repeat(400)}`;
    const database = 'run 1/job#7';
    expect(await world.shop.firstResult(database, reference)).toBeUndefined();
    const done = await world.shop.call(database, 'cancel_pending_order', cancellation, {
      reference,
    });
    expect(await world.shop.firstResult(database, reference)).toMatchObject({
      value: done.ok && done.value,
    });
    expect(await world.shop.changed(database)).toMatchObject([{ table: 'orders', id: order_id }]);
  });

  it('answers a refusal as a definite no', async () => {
    const args = { ...cancellation, reason: 'bored' };
    const answer = world.shop.call('no', 'cancel_pending_order', args, { reference: 'r' });
    expect(await answer).toEqual({ ok: false, error: 'Error: invalid reason' });
  });

  it('takes a write back, and is where it was', async () => {
    const before = await world.shop.digest('undo');
    await world.shop.call('undo', 'cancel_pending_order', cancellation, { reference: '1' });
    expect(await world.shop.digest('undo')).not.toBe(before);
    await world.shop.undo('undo', 'reinstate_order', { order_id }, { reference: '2' });
    expect(await world.shop.digest('undo')).toBe(before);
  });
});

describe('a malformed request is answered with what to mend, and nothing is done', () => {
  const tool = (name: string) => `${world.url}/databases/bad/tools/${name}`;

  it.each([
    [
      'a wrong field',
      { order_id: 7, reason: 'no longer needed' },
      /order_id must be a string \(got 7\)/,
    ],
    ['a missing field', { order_id }, /reason must be a string \(got nothing\)/],
    ['an unknown field', { ...cancellation, force: true }, /property force should not exist/],
    ['a list', [cancellation], /must be one JSON object/],
    ['a text', 'cancel', /must be one JSON object/],
  ])('%s', async (_what, body, problem) => {
    const answer = await send('POST', tool('cancel_pending_order'), body, { 'x-reference': 'r' });
    expect(answer).toMatchObject({
      status: 400,
      body: { problems: [expect.stringMatching(problem)] },
    });
    expect(await world.shop.changed('bad')).toEqual([]);
  });

  it('a write without a reference', async () => {
    const answer = await send('POST', tool('cancel_pending_order'), cancellation);
    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('X-Reference') },
    });
    expect(await world.shop.changed('bad')).toEqual([]);
  });

  it('an unknown tool', async () => {
    const answer = await send('POST', tool('burn_order'), cancellation);
    expect(answer).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining('think') },
    });
  });

  it('a bank entry without its amount', async () => {
    const entry = { ...entryOf('bad', 1), amount: undefined };
    const answer = await send('POST', `${world.url}/bank/entries`, entry);
    expect(answer).toMatchObject({ status: 400 });
    expect(await world.bank.booking('bad/1')).toBeUndefined();
  });
});

function entryOf(database: string, amount: number): BankEntry {
  return {
    reference: `${database}/${amount}`,
    database,
    order_id,
    transaction_type: 'refund',
    amount,
    payment_method_id: methodOf(pendingOrder),
  };
}

describe('the bank', () => {
  it.each([14.739999999999952, 0.1 + 0.2, 0, 1e-7, 5e-324, 8_276.23, Number.MAX_SAFE_INTEGER])(
    'keeps the amount %d to the last bit',
    async (amount) => {
      const entry = entryOf('exact', amount);
      expect(await world.bank.book(entry)).toEqual(entry);
      expect((await world.bank.booking(entry.reference))?.amount).toBe(amount);
    },
  );

  it('books again what it is asked again', async () => {
    const entry = entryOf('twice', 5);
    await world.bank.book(entry);
    await world.bank.book(entry);
    expect(await world.bank.bookings({ database: 'twice' })).toEqual([entry, entry]);
  });

  it('lists by database and by the beginning of its name', async () => {
    for (const database of ['run%1/a', 'run%1/b', 'run%2/a'])
      await world.bank.book(entryOf(database, 1));
    const listed = async (filter: object) =>
      (await world.bank.bookings(filter)).map(({ database }) => database);
    expect(await listed({ databasePrefix: 'run%1/' })).toEqual(['run%1/a', 'run%1/b']);
    expect(await listed({ database: 'run%1/b' })).toEqual(['run%1/b']);
    expect(await listed({ database: 'run' })).toEqual([]);
    expect(await listed({})).toEqual(expect.arrayContaining(['run%1/a', 'run%1/b', 'run%2/a']));
  });

  it('has an entry to book for each that a write appended to the payment history', async () => {
    const answer = await world.shop.call('paid', 'cancel_pending_order', cancellation, {
      reference: 'c',
    });
    if (!answer.ok) throw new Error(answer.error);
    expect(paymentEntriesOf('cancel_pending_order', answer.value)).toEqual([
      { ...pendingOrder.payment_history[0], transaction_type: 'refund' },
    ]);
  });
});

describe('the mail outbox', () => {
  it('sends again what it is asked again, and finds the first', async () => {
    const mail = { reference: 'm/1', database: 'm', to: 'ines', subject: 'Done', text: 'first' };
    expect(await world.mail.sent('m/1')).toBeUndefined();
    await world.mail.send(mail);
    await world.mail.send({ ...mail, text: 'second' });
    expect(await world.mail.sent('m/1')).toEqual(mail);
    expect(await world.mail.mails({ database: 'm' })).toHaveLength(2);
  });
});

describe('the service', () => {
  it('says that it lives and is ready, and shows its metrics', async () => {
    expect(await send('GET', `${world.url}/health/live`)).toMatchObject({ status: 200 });
    expect(await send('GET', `${world.url}/health/ready`)).toMatchObject({ status: 200 });
    const metrics = await fetch(`${world.url}/metrics`);
    expect(await metrics.text()).toContain('shop_request_seconds_count{route="/health/ready"');
  });
});
