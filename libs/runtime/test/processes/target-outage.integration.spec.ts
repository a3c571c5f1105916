// The bank of the sample's outside world hangs, and comes back.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { workflow } from '@lockstep/contracts';
import type { WorkflowId } from '@lockstep/kernel';
import { bookingKey, payments } from '@lockstep/retail/contracts';
import { BankClient } from '@lockstep/retail/shop';
import { type Breaker, BreakerReader, HeadReader } from '@lockstep/store';
import type { ServiceProcess } from '@lockstep/testing';
import { Stage } from './stage.js';

jest.setTimeout(180_000);

const booking = workflow('booking', { root: payments.book });
const change = workflow('change', { root: payments.modifyPendingOrderPayment });
const BOOKINGS = 40;
const CHANGES = 40;
const PLACES = 8;

let stage: Stage;
let folder: string;
let shop: ServiceProcess;

beforeEach(async () => {
  [stage, folder] = await Promise.all([Stage.set(), mkdtemp(join(tmpdir(), 'bank-outage-'))]);
  const data = { SHOP_DATA_DIR: folder, LOCKSTEP_HTTP_PORT: '0' };
  [shop] = await Promise.all([stage.service('shop', data), stage.supervisor()]);
  const env = { LOCKSTEP_SHOP_URL: shop.url, LOCKSTEP_CONCURRENCY: String(PLACES) };
  await stage.service('agents/payments', env);
});
afterEach(async () => {
  await stage[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const entryOf = (n: number) => ({
  ...{ database: 'db', orderId: `#W${n}`, write: `db/#W${n}/write`, entry: 0 },
  payment: { transaction_type: 'refund', amount: n, payment_method_id: 'card' } as const,
});
const book = (n: number): Promise<WorkflowId> => stage.begin(booking, `booking-${n}`, entryOf(n));
const changeOf = (n: number): Promise<WorkflowId> =>
  stage.begin(change, `change-${n}`, {
    ...{ database: 'db', job: `job-${n}`, index: 0 },
    arguments: { order_id: `#W${n}`, payment_method_id: 'card' },
  });
const many = (count: number, begin: (n: number) => Promise<WorkflowId>): Promise<WorkflowId[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => begin(n)));

/** From now on nothing is booked and no question about a booking is answered; or all is well again. */
async function bankHangs(hangs: boolean): Promise<void> {
  const kinds = ['hang-before', 'lookup-down'];
  const faults = { rate: hangs ? 1 : 0, seed: 's', kinds, targets: ['bank', 'bank-lookup'] };
  await fetch(`${shop.url}/faults`, {
    ...{ method: 'PUT', body: JSON.stringify(faults) },
    headers: { 'content-type': 'application/json' },
  });
}

interface Shown {
  readonly held: readonly { readonly target: string }[];
  readonly counts: Readonly<Record<string, number>>;
}
const shown = async (): Promise<Shown> =>
  (await (await fetch(`${shop.url}/faults`)).json()) as Shown;
const bank = async (): Promise<Breaker | null> => new BreakerReader(stage.redis).get('bank');
const statuses = async (wfs: readonly WorkflowId[]): Promise<Set<string | undefined>> => {
  const heads = new HeadReader(stage.redis, stage.partitions);
  return new Set((await Promise.all(wfs.map((wf) => heads.read(wf)))).map((head) => head?.status));
};
const areCompleted = async (wfs: readonly WorkflowId[]): Promise<boolean> =>
  [...(await statuses(wfs))].every((status) => status === 'completed');

describe('while the bank hangs', () => {
  it('G5 G6: nothing else stands still, nothing is lost, and it goes on when it is back', async () => {
    await bankHangs(true);
    const bookings = await many(BOOKINGS, book);
    await stage.until('the bank has calls', async () => (await shown()).held.length > 0);
    const changes = await many(CHANGES, changeOf);
    let most = 0;
    const andLook = (holds: () => Promise<boolean>) => async (): Promise<boolean> => {
      most = Math.max(most, (await shown()).held.length);
      return holds();
    };
    await stage.until(
      'all else is done',
      andLook(() => areCompleted(changes)),
    );
    await stage.until(
      'the breaker opens',
      andLook(async () => (await bank())?.state === 'open'),
    );
    expect(most).toBeLessThanOrEqual(PLACES / 2);
    expect(await statuses(bookings)).toEqual(new Set(['running']));
    expect((await shown()).counts['hang-before']).toBeLessThan(BOOKINGS);

    await bankHangs(false);
    await stage.until('all is booked', () => areCompleted(bookings));
    const booked = await new BankClient(shop.url).bookings({ database: 'db' });
    const expected = Array.from({ length: BOOKINGS }, (_, n) => bookingKey(entryOf(n)));
    expect(booked.map(({ reference }) => reference).sort()).toEqual(expected.sort());
    const { state, changes: moves } = (await bank())!;
    expect([state, moves[1]?.state]).toEqual(['closed', 'half-open']);
  });
});
