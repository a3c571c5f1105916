import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkerId } from '@lockstep/kernel';
import { eventually } from '@lockstep/testing';
import { ACME, Fixture, OPERATOR } from './fixture.js';

interface Entry {
  readonly id: string;
  readonly drain: object | null;
}

describe('workers', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  const beat = (id: string, inbox: string, number = 1) =>
    Promise.all(
      fixture.store.partitions.tags.map((_, partition) =>
        fixture.store.heartbeat(partition, id as WorkerId, number, 60_000, [], {
          ...{ inbox, order: null },
        }),
      ),
    );
  const list = async (): Promise<readonly Entry[]> =>
    ((await (await fixture.get('/v1/workers')).json()) as { workers: Entry[] }).workers;
  const drain = (id: string, reason = 'its machine is to be replaced', as = OPERATOR) =>
    fixture.post(`/v1/workers/${id}/drain`, { reason }, { as });

  it('of all roles are listed, with their leases and how much they hold', async () => {
    await beat('shop-1-a', 'shop@2');
    await beat('bank-1-a', 'bank@1');
    const tester = fixture.worker();
    await tester.claim(await fixture.startJob());
    expect(await list()).toEqual([
      expect.objectContaining({ id: 'tester', partitions: 1, tasks: 1 }),
      expect.objectContaining({ id: 'bank-1-a', role: 'bank', major: 1, partitions: 8, tasks: 0 }),
      {
        ...{ id: 'shop-1-a', role: 'shop', major: 2, sinceMs: expect.any(Number) },
        ...{ partitions: 8, tasks: 0, drain: null },
      },
    ]);
  });

  it('are gone from the list after their last heartbeat', async () => {
    await beat('gone-1-a', 'gone@1');
    const last = fixture.store.partitions.tags.map((_, partition) =>
      fixture.store.heartbeat(partition, 'gone-1-a' as WorkerId, 2, 0, []),
    );
    await Promise.all(last);
    expect((await list()).map(({ id }) => id)).not.toContain('gone-1-a');
  });

  it('are told to drain by their next heartbeat, once, by whom and why', async () => {
    await beat('mail-1-a', 'mail@1');
    const first: unknown = await (await drain('mail-1-a')).json();
    const order = { by: expect.stringMatching(/^key:/), reason: 'its machine is to be replaced' };
    expect(first).toMatchObject({ id: 'mail-1-a', drain: order });
    expect(await (await drain('mail-1-a', 'another reason')).json()).toEqual(first);
    for (const reply of await beat('mail-1-a', 'mail@1', 2)) {
      expect(reply.order).toMatchObject(order);
    }
    const entry = await eventually(
      async () => (await list()).find(({ id }) => id === 'mail-1-a') ?? null,
      { what: 'the worker in the list' },
    );
    expect(entry).toMatchObject({ drain: order });
  });

  it('that are not alive cannot be told', async () => {
    const reply = await drain('nobody');
    expect(await reply.json()).toMatchObject({ status: 404, code: 'UnknownWorker' });
  });

  it('G7: are told by nobody else: they work for all tenants', async () => {
    await beat('desk-1-a', 'desk@1');
    const reply = await drain('desk-1-a', 'mine now', ACME);
    expect(await reply.json()).toMatchObject({ status: 403, code: 'NotAnOperator' });
    expect((await list()).find(({ id }) => id === 'desk-1-a')?.drain).toBeNull();
  });
});
