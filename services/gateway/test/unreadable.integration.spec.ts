import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fixture, OPERATOR } from './fixture.js';

interface Message {
  readonly id: string;
}

describe('messages that nobody could read', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  /** As an inbox does with what it cannot read. @returns its id in the list */
  const bury = async (role: string, partition = 0): Promise<string> => {
    const { store, redis } = fixture;
    const inbox = `${role}@1`;
    const id = (await redis.xadd(store.partitions.inbox(partition, inbox), '*', 'odd', role)) ?? '';
    await store.bury(partition, inbox, id, { inbox, message: id, fields: ['odd', role] });
    return (await page(`role=${role}`)).messages[0]!.id;
  };
  const page = async (query: string) =>
    (await (await fixture.get(`/v1/unreadable-messages?${query}`, { as: OPERATOR })).json()) as {
      readonly messages: readonly Message[];
      readonly next: string | null;
    };
  const discard = (id: string, reason = 'of an old release') =>
    fixture.post(`/v1/unreadable-messages/${id}/discard`, { reason }, { as: OPERATOR });

  it('are listed, the newest first, in pages, without the dead letters of tasks', async () => {
    const ids = [await bury('shop', 1), await bury('shop', 4), await bury('bank')];
    const letter = ['wf', 'wf-1', 'task', 'r', 'tenant', 'acme', 'at', 1, 'meta', '{}'];
    await fixture.redis.xadd(fixture.store.partitions.dead(1, 'shop'), '*', ...letter);
    const first = await page('limit=2');
    const second = await page(`limit=2&cursor=${first.next ?? ''}`);
    expect([...first.messages, ...second.messages].map(({ id }) => id)).toEqual(ids.reverse());
    expect(second.next).toBeNull();
    expect((await page('role=shop')).messages).toHaveLength(2);
  });

  it('are shown with what was found', async () => {
    const id = await bury('mail');
    const reply = await fixture.get(`/v1/unreadable-messages/${id}`, { as: OPERATOR });
    expect(await reply.json()).toEqual({
      ...{ id, role: 'mail', atMs: expect.any(Number) },
      found: { inbox: 'mail@1', message: expect.any(String), fields: ['odd', 'mail'] },
    });
  });

  it('are removed once, by whom and why, however often it is said', async () => {
    const id = await bury('desk');
    const first: unknown = await (await discard(id)).json();
    const by = expect.stringMatching(/^key:/);
    expect(first).toEqual({ id, by, reason: 'of an old release', atMs: expect.any(Number) });
    expect((await page('role=desk')).messages).toEqual([]);
    expect(await (await discard(id, 'another reason')).json()).toEqual(first);
  });

  it('that a crash left half removed go when it is said again', async () => {
    const id = await bury('half');
    const record = JSON.stringify({ by: 'key:1', reason: 'the first', atMs: 1 });
    await fixture.redis.set(`ls:discarded:${id}`, record);
    expect(await (await discard(id)).json()).toMatchObject({ reason: 'the first' });
    expect((await page('role=half')).messages).toEqual([]);
  });

  it.each(['1-1_0_clerk', '1-1_99_clerk', 'x'])('are not there: %s', async (id) => {
    expect(await (await discard(id)).json()).toMatchObject({ status: 404, code: 'UnknownMessage' });
    const shown = await fixture.get(`/v1/unreadable-messages/${id}`, { as: OPERATOR });
    expect(shown.status).toBe(404);
  });

  it('are no dead letter of a task: that one stays', async () => {
    const dead = fixture.store.partitions.dead(0, 'clerk');
    const letter = ['wf', 'wf-1', 'task', 'r', 'tenant', 'acme', 'at', 1, 'meta', '{}'];
    const entry = (await fixture.redis.xadd(dead, '*', ...letter)) ?? '';
    expect((await discard(`${entry}_0_clerk`)).status).toBe(404);
    expect(await fixture.redis.xlen(dead)).toBe(1);
  });
});
