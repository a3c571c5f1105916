import { afterAll, describe, expect, it } from '@jest/globals';
import {
  type Address,
  canonical,
  type ChangedRecord,
  digestOf,
  isWriteTool,
  type Order,
  type ToolName,
  type User,
  type WriteTool,
} from '@lockstep/retail/shop';
import type { Shop } from '../src/store/shop.js';
import { hasTauRetail, type Job, jobFolders, readJobs } from './jobs.js';
import { temporaryShop } from './temporary-shop.js';

type Action = Job['actions'][number];

/** Acts as the plan says and tells what the expectation tells of each action. */
function act(shop: Shop, database: string, { name, arguments: args }: Action) {
  const before = shop.changed(database);
  const answer = isWriteTool(name)
    ? shop.write(database, name, args, `${database}/${before.length}`)
    : shop.read(database, name, args);
  return {
    ok: answer.ok,
    ...(!answer.ok && { error: answer.error }),
    out: digestOf(answer.ok ? answer.value : answer.error),
    changed: newIn(before, shop.changed(database)),
    state: shop.digest(database),
  };
}

/** Records that are not what they were, those that are back at their beginning included. */
function newIn(before: ChangedRecord[], after: ChangedRecord[]): string[] {
  const [old, now] = [textsOf(before), textsOf(after)];
  const ids = new Set([...old.keys(), ...now.keys()]);
  return [...ids].filter((id) => old.get(id) !== now.get(id)).sort();
}

function textsOf(records: ChangedRecord[]): Map<string, string> {
  return new Map(
    records.map((record) => [`${record.table}/${record.id}`, canonical(record.after)]),
  );
}

/** Undoes a write that has just succeeded, from the records as they were before it. */
function undo(
  shop: Shop,
  database: string,
  action: Action,
  before: { address?: Address; order?: Order },
) {
  const { name, arguments: args } = action;
  const { order_id } = args as { order_id: string };
  const reference = `${database}/undo`;
  switch (name as WriteTool) {
    case 'modify_user_address':
    case 'modify_pending_order_address':
      return shop.write(database, name, { ...args, ...before.address }, reference);
    case 'return_delivered_order_items':
      return shop.undo(database, 'withdraw_return', { order_id }, reference);
    case 'exchange_delivered_order_items':
      return shop.undo(database, 'withdraw_exchange', { order_id }, reference);
    case 'modify_pending_order_payment':
      return shop.undo(database, 'undo_payment_change', { order_id }, reference);
    case 'modify_pending_order_items':
      return shop.undo(
        database,
        'put_back_items',
        { order_id, items: before.order?.items },
        reference,
      );
    case 'cancel_pending_order':
      return shop.undo(database, 'reinstate_order', { order_id }, reference);
  }
}

function recordsBefore(shop: Shop, database: string, { arguments: args }: Action) {
  const details = (tool: ToolName) => shop.read(database, tool, args);
  if ('user_id' in args) {
    const answer = details('get_user_details');
    return answer.ok ? { address: (answer.value as User).address } : {};
  }
  const answer = details('get_order_details');
  if (!answer.ok) return {};
  const order = answer.value as Order;
  return { order, address: order.address };
}

describe.each(jobFolders())('the tools on the jobs of $name', ({ folder }) => {
  const { initial, jobs, expected } = readJobs(folder);
  const { shop, close } = temporaryShop(initial);
  afterAll(close);

  it('answer, change and leave exactly what is expected, at every action of every job', () => {
    for (const job of jobs) {
      const results = job.actions.map((action) => act(shop, job.id, action));
      expect({ id: job.id, results }).toEqual({
        id: job.id,
        results: expected.get(job.id)?.results,
      });
    }
    expect(jobs).toHaveLength(expected.size);
  });

  it('leave each job’s digest and changed records', () => {
    for (const { id } of jobs) {
      const { digest, changed } = expected.get(id)!;
      expect({ id, digest: shop.digest(id) }).toEqual({ id, digest });
      expect(canonical(shop.changed(id))).toBe(canonical(changed));
    }
  });

  it('are undone exactly: every successful write, right after it', () => {
    let count = 0;
    for (const job of jobs) {
      const database = `undone/${job.id}`;
      for (const action of job.actions) {
        if (!isWriteTool(action.name)) continue;
        const digest = shop.digest(database);
        const before = recordsBefore(shop, database, action);
        if (!shop.write(database, action.name, action.arguments, `${database}/write`).ok) continue;
        const undone = undo(shop, database, action, before);
        expect({ action, undone }).toEqual({
          action,
          undone: { ok: true, value: expect.anything() },
        });
        expect({ action, digest: shop.digest(database) }).toEqual({ action, digest });
        shop.write(database, action.name, action.arguments, `${database}/again`);
        count += 1;
      }
      expect(shop.digest(database)).toBe(expected.get(job.id)?.digest);
    }
    expect(count).toBe(
      [...expected.values()].reduce(
        (sum, { writes, failedWrites }) => sum + writes - failedWrites,
        0,
      ),
    );
  });
});

if (!hasTauRetail)
  it.skip('agree with tau-retail: needs ../shared/data/tau-retail', () => undefined);
