import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BankEntry, ShopUnavailable, ShopUnreachable } from '@lockstep/retail/shop';
import { eventually } from '@lockstep/testing';
import { send, startShop } from './running-shop.js';
import { pendingOrder } from './sample.js';

let world: Awaited<ReturnType<typeof startShop>>;
beforeEach(async () => {
  world = await startShop();
});
afterEach(() => world.stop());

const entry: BankEntry = {
  reference: 'run/1/#W1/cancel/0',
  database: 'run/1',
  order_id: '#W1',
  transaction_type: 'refund',
  amount: 12.5,
  payment_method_id: 'paypal_1',
};

const aim = (fault: object) => send('POST', `${world.url}/faults/at`, fault);

interface Shown {
  counts: Record<string, number>;
  held: { reference: string; kind: string; acted: boolean }[];
  at: unknown[];
}

const shown = async () => (await send('GET', `${world.url}/faults`)).body as Shown;

const held = (kind: string) =>
  eventually(async () => (await shown()).held.find((one) => one.kind === kind), {
    what: `a connection held by ${kind}`,
  });

const booked = async () => (await world.bank.bookings()).length;

describe('the fault', () => {
  it('late acts at once, before it answers', async () => {
    await aim({ target: 'bank', kind: 'late', durationMs: 60_000 });
    const giveUp = new AbortController();
    const answer = world.bank.book(entry, { signal: giveUp.signal });
    await eventually(() => world.bank.booking(entry.reference), { what: 'booked' });
    giveUp.abort();
    await expect(answer).rejects.toThrow(ShopUnreachable);
  });

  it('late answers after a while', async () => {
    await aim({ target: 'bank', kind: 'late', durationMs: 10 });
    expect(await world.bank.book(entry)).toEqual(entry);
    expect(await shown()).toMatchObject({ counts: { late: 1 } });
  });

  it('unavailable says that nothing was done, and nothing was', async () => {
    await aim({ target: 'bank', kind: 'unavailable' });
    await expect(world.bank.book(entry)).rejects.toThrow(ShopUnavailable);
    expect(await booked()).toBe(0);
    await world.bank.book(entry);
    expect(await booked()).toBe(1);
  });

  it('cut acts and leaves the caller in doubt', async () => {
    await aim({ target: 'bank', kind: 'cut', reference: '#W1' });
    await expect(world.bank.book(entry)).rejects.toThrow(ShopUnreachable);
    expect(await world.bank.booking(entry.reference)).toEqual(entry);
  });

  it('hang-before holds the connection and never acts', async () => {
    await aim({ target: 'bank', kind: 'hang-before' });
    const giveUp = new AbortController();
    const answer = world.bank.book(entry, { signal: giveUp.signal });
    expect(await held('hang-before')).toMatchObject({ reference: entry.reference, acted: false });
    giveUp.abort();
    await expect(answer).rejects.toThrow(ShopUnreachable);
    await eventually(async () => (await shown()).held.length === 0, { what: 'let go' });
    expect(await booked()).toBe(0);
  });

  it('hang-after holds the connection of a call that is committed', async () => {
    await aim({ target: 'bank', kind: 'hang-after', reference: 'run/1' });
    const answer = world.bank.book(entry, { timeoutMs: 2_000 });
    const inDoubt = expect(answer).rejects.toThrow(ShopUnreachable);
    expect(await held('hang-after')).toMatchObject({
      target: 'bank',
      database: 'run/1',
      reference: entry.reference,
      acted: true,
    });
    expect(await booked()).toBe(1);
    await inDoubt;
  });

  it('lookup-down fails the look-ups of one reference for a while', async () => {
    await world.bank.book(entry);
    await aim({ target: 'bank-lookup', kind: 'lookup-down', durationMs: 300 });
    await expect(world.bank.booking(entry.reference)).rejects.toThrow(ShopUnavailable);
    expect(await world.bank.booking('another')).toBeUndefined();
    const found = await eventually(() => world.bank.booking(entry.reference), { what: 'found' });
    expect(found).toEqual(entry);
  });

  it('strikes tools, undos, mails and their look-ups as well', async () => {
    const { order_id } = pendingOrder;
    const mail = { reference: 'm', database: 'd', to: 'u', subject: 's', text: 't' };
    const targets = ['get_order_details', 'reinstate_order', 'mail'];
    for (const target of targets) await aim({ target, kind: 'unavailable' });
    for (const target of ['shop-lookup', 'mail-lookup']) await aim({ target, kind: 'lookup-down' });

    const calls = [
      world.shop.call('d', 'get_order_details', { order_id }, {}),
      world.shop.undo('d', 'reinstate_order', { order_id }, { reference: 'r' }),
      world.mail.send(mail),
      world.shop.firstResult('d', 'r'),
      world.mail.sent('m'),
    ];
    for (const call of calls) await expect(call).rejects.toThrow(ShopUnavailable);
    expect(await shown()).toMatchObject({ at: [], counts: { unavailable: 3, 'lookup-down': 2 } });
  });
});

describe('faults', () => {
  it('by rate are set, shown and ended', async () => {
    const rate = { rate: 1, seed: 'x', kinds: ['unavailable'], durationMs: 10 };
    await send('PUT', `${world.url}/faults`, rate);
    expect(await shown()).toMatchObject({ rate });
    await expect(world.bank.book(entry)).rejects.toThrow(ShopUnavailable);
    await send('PUT', `${world.url}/faults`, { ...rate, rate: 0 });
    expect(await world.bank.book(entry)).toEqual(entry);
  });

  it('that do not fit their target are refused, with those that do', async () => {
    expect(await aim({ target: 'bank', kind: 'lookup-down' })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('hang-after') },
    });
    expect(await aim({ target: 'weather', kind: 'cut' })).toMatchObject({
      status: 400,
      body: { problems: [expect.stringContaining('bank')] },
    });
  });

  it('do not keep the service from ending while a connection is held', async () => {
    const other = await startShop();
    await send('POST', `${other.url}/faults/at`, { target: 'bank', kind: 'hang-before' });
    const answer = expect(other.bank.book(entry)).rejects.toThrow(ShopUnreachable);
    await eventually(
      async () => {
        const { body } = await send('GET', `${other.url}/faults`);
        return (body as Shown).held.length === 1;
      },
      { what: 'held' },
    );
    await other.stop();
    await answer;
  });
});
