import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BankEntry, ShopUnavailable } from '@lockstep/retail/shop';
import { eventually, freePort } from '@lockstep/testing';
import { clientsOf } from './running-shop.js';
import { deliveredOrder, initial, pendingOrder } from './sample.js';

const MAIN = join(import.meta.dirname, '../dist/main.js');

let folder: string;
let url: string;
let settings: NodeJS.ProcessEnv;
let child: ChildProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'shop-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  settings = {
    LOCKSTEP_HTTP_PORT: String(port),
    LOCKSTEP_LOG_LEVEL: 'error',
    SHOP_DATA_DIR: folder,
  };
  await start();
});

afterEach(async () => {
  await end('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...settings },
    stdio: 'inherit',
  });
  await eventually(async () => (await fetch(`${url}/health/ready`)).ok, { what: 'the shop is up' });
}

async function end(signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

const address = pendingOrder.address;
const { order_id } = pendingOrder;

function entryOf(n: number): BankEntry {
  return {
    reference: `job/${n}`,
    database: 'job',
    order_id,
    transaction_type: 'refund',
    amount: n / 7,
    payment_method_id: 'paypal_1',
  };
}

describe('the store', () => {
  it('loses nothing that was answered, when the process is killed after every few writes', async () => {
    const { shop, bank } = clientsOf(url);
    for (let round = 0; round < 3; round += 1) {
      const moved = { order_id, ...address, address2: `Flat ${round}` };
      await shop.call('job', 'modify_pending_order_address', moved, { reference: `move/${round}` });
      await bank.book(entryOf(round));
      await end('SIGKILL');
      await start();
    }
    expect(await bank.bookings()).toEqual([0, 1, 2].map(entryOf));
    expect(await shop.changed('job')).toMatchObject([
      { after: { address: { address2: 'Flat 2' } } },
    ]);
    expect(await shop.firstResult('job', 'move/0')).toMatchObject({
      value: { address: { address2: 'Flat 0' } },
    });
  });

  it('has what was committed, when the process is killed before it answers', async () => {
    const { bank } = clientsOf(url);
    const aim = { target: 'bank', kind: 'hang-after' };
    await fetch(`${url}/faults/at`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(aim),
    });
    const answer = expect(bank.book(entryOf(1))).rejects.toThrow();
    await eventually(() => bank.booking('job/1'), { what: 'booked' });
    await end('SIGKILL');
    await answer;
    await start();
    expect(await bank.bookings()).toEqual([entryOf(1)]);
  });

  it('has a write whole or not at all, when the process is killed while many arrive', async () => {
    const { shop } = clientsOf(url);
    const references = Array.from({ length: 200 }, (_, n) => `cut/${n}`);
    const writes = references.map((reference) =>
      shop.call(
        reference,
        'cancel_pending_order',
        { order_id, reason: 'no longer needed' },
        { reference },
      ),
    );
    const settled = Promise.allSettled(writes);
    await Promise.any(writes);
    await end('SIGKILL');
    const outcomes = await settled;
    await start();
    for (const [n, reference] of references.entries()) {
      const result = await shop.firstResult(reference, reference);
      expect(await shop.changed(reference)).toHaveLength(result ? 1 : 0);
      if (outcomes[n]?.status === 'fulfilled') expect(result).toBeDefined();
    }
  });
});

describe('the process', () => {
  it('never acts on what arrived while it was stopped for more than a second', async () => {
    const { bank } = clientsOf(url);
    await bank.book(entryOf(0));
    child.kill('SIGSTOP');
    const stoppedMs = performance.now();
    const answers = [1, 2, 3].map((n) =>
      expect(bank.book(entryOf(n))).rejects.toThrow(ShopUnavailable),
    );
    await eventually(() => performance.now() - stoppedMs > 1_200, { what: 'a second has passed' });
    child.kill('SIGCONT');
    await Promise.all(answers);
    expect(await bank.bookings()).toEqual([entryOf(0)]);
    await eventually(() => bank.book(entryOf(4)), { what: 'it acts again' });
  });

  it('closes its store on SIGTERM, so that one file is all that is left', async () => {
    await clientsOf(url).bank.book(entryOf(1));
    expect(readdirSync(folder)).toContain('shop.sqlite-wal');
    await end('SIGTERM');
    expect(readdirSync(folder)).toEqual(['shop.sqlite']);
  });

  it('refuses to begin over changes to another initial database, and says what to do', async () => {
    await end('SIGTERM');
    const other = mkdtempSync(join(tmpdir(), 'initial-'));
    const database = { ...initial, orders: { [deliveredOrder.order_id]: deliveredOrder } };
    for (const [table, records] of Object.entries(database)) {
      writeFileSync(join(other, `${table}.json`), JSON.stringify(records));
    }
    const { status, stderr } = spawnSync(process.execPath, [MAIN], {
      env: { ...process.env, ...settings, SHOP_INITIAL_DIR: other },
      encoding: 'utf8',
    });
    rmSync(other, { recursive: true });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('set SHOP_DATA_DIR to an empty folder'),
    });
  });
});
