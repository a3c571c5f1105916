import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskId } from '@lockstep/kernel';
import { ACME, Fixture, RIVAL } from './fixture.js';

interface Letter {
  readonly id: string;
  readonly workflow: string;
  readonly group: string;
}
interface Page {
  readonly deadLetters: readonly Letter[];
  readonly next: string | null;
}
interface Failure {
  readonly as?: string;
  readonly role?: string;
  readonly code?: string;
}

const SITE = { name: 'job', operation: 'step look', attempts: 1, seenUpTo: 3 };

describe('dead letters', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  const page = async (query: string, as = ACME): Promise<Page> =>
    (await (await fixture.get(`/v1/dead-letters?${query}`, { as })).json()) as Page;
  const workflowsOf = async (query: string): Promise<string[]> =>
    (await page(query)).deadLetters.map(({ workflow }) => workflow);
  const fail = async ({ as = ACME, role = 'clerk', code = 'E' }: Failure = {}): Promise<string> => {
    const id = await fixture.startJob({ as });
    const claim = await fixture.worker().claim(id);
    const error = [{ name: code, code, kind: 'permanent', message: `no ${id}` }];
    const meta = { error, returnTo: null, origin: { task: 'r', role } };
    const told = { reason: 'Uncaught', error, ...SITE };
    const dead = { role, task: 'r' as TaskId, meta: told };
    const parked = {
      type: 'WorkflowParked',
      task: '',
      meta: { reason: 'Uncaught', task: 'r', error },
    };
    await claim.append([{ type: 'TaskFailed', meta }, parked as never], {
      release: { as: 'failed' },
      dead,
    });
    return id;
  };

  it("G7: are a tenant's own, the newest first, in pages", async () => {
    const ids = [await fail(), await fail(), await fail()];
    const other = await fail({ as: RIVAL });
    const first = await page('role=clerk&limit=2');
    expect(first.deadLetters[0]).toEqual({
      ...{ id: expect.any(String), role: 'clerk', workflow: ids[2], task: 'r', type: 'job' },
      ...{ version: 5, atMs: expect.any(Number), group: expect.any(String) },
      meta: { reason: 'Uncaught', error: [expect.objectContaining({ code: 'E' })], ...SITE },
      request: { orderId: '#W1' },
    });
    const second = await page(`role=clerk&limit=2&cursor=${first.next ?? ''}`);
    const found = [...first.deadLetters, ...second.deadLetters].map(({ workflow }) => workflow);
    expect(found).toEqual([...ids].reverse());
    expect(second.next).toBeNull();
    const rivals = await page('role=clerk', RIVAL);
    expect(rivals.deadLetters.map(({ workflow }) => workflow)).toEqual([other]);
  });

  it('of all roles are read together, in pages', async () => {
    const ids = [await fail({ role: 'bank' }), await fail(), await fail({ role: 'shop' })];
    const first = await page('limit=2');
    const second = await page(`limit=1&cursor=${first.next ?? ''}`);
    const found = [...first.deadLetters, ...second.deadLetters].map(({ workflow }) => workflow);
    expect(found).toEqual([...ids].reverse());
  });

  it('are found by cause, type of workflow and time', async () => {
    const id = await fail({ role: 'finder', code: 'Lost' });
    const [letter] = (await page('role=finder')).deadLetters;
    await fail({ role: 'finder', code: 'Found' });
    expect(await workflowsOf(`group=${letter!.group}`)).toEqual([id]);
    expect(await workflowsOf('role=finder&type=job')).toHaveLength(2);
    expect(await workflowsOf('role=finder&type=nap')).toEqual([]);
    expect(await workflowsOf('role=finder&since=2999-01-01')).toEqual([]);
    expect(await workflowsOf('role=finder&until=2999-01-01')).toHaveLength(2);
    expect(await workflowsOf('role=finder&until=1999-01-01T00:00:00Z')).toEqual([]);
  });

  it('are counted by their cause, the most frequent first', async () => {
    await fail({ role: 'counted', code: 'Rare' });
    await fail({ role: 'counted', code: 'Often' });
    await fail({ role: 'counted', code: 'Often' });
    await fail({ role: 'counted', code: 'Often', as: RIVAL });
    const reply = await fixture.get('/v1/dead-letters/groups?role=counted');
    const { groups, next } = (await reply.json()) as { groups: { group: string }[]; next: null };
    const about = { role: 'counted', name: 'job', operation: 'step look', message: 'no #' };
    expect(groups).toMatchObject([
      { ...about, code: 'Often', count: 2 },
      { ...about, code: 'Rare', count: 1 },
    ]);
    expect(next).toBeNull();
    expect(await workflowsOf(`group=${groups[0]!.group}`)).toHaveLength(2);
  });

  it('show what was asked, the events before and what a person can do', async () => {
    const id = await fail();
    const [{ id: letter }] = (await page('limit=1')).deadLetters as [Letter];
    const shown = (await (await fixture.get(`/v1/dead-letters/${letter}`)).json()) as {
      events: { type: string }[];
    };
    expect(shown).toMatchObject({
      ...{ id: letter, workflow: id, request: { orderId: '#W1' }, cause: { code: 'E' } },
      options: [{ action: 'redrive', task: 'r' }, { action: 'rollback' }, { action: 'cancel' }],
    });
    const types = [
      'WorkflowStarted',
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed',
      'WorkflowParked',
    ];
    expect(shown.events.map(({ type }) => type)).toEqual(types);
  });

  it.each(['1-1_0_clerk_wf-1_r', '1-1_99_clerk_wf-1_r', '1-1_0_clerk', '../x'])(
    'are not there: %s',
    async (id) => {
      const reply = await fixture.get(`/v1/dead-letters/${encodeURIComponent(id)}`);
      expect(await reply.json()).toMatchObject({ status: 404, code: 'UnknownDeadLetter' });
    },
  );

  it("G7: show nothing of another tenant's", async () => {
    await fail({ as: RIVAL });
    const [{ id }] = (await page('limit=1', RIVAL)).deadLetters as [Letter];
    expect((await fixture.get(`/v1/dead-letters/${id}`)).status).toBe(404);
    expect((await fixture.get(`/v1/dead-letters/${id}`, { as: RIVAL })).status).toBe(200);
  });

  const decide = (path: string, body: object, key = 'k1'): Promise<Response> =>
    fixture.post(`/v1/dead-letters/${path}`, body, { headers: { 'idempotency-key': key } });
  const idOf = async (workflow: string): Promise<string> =>
    (await page('')).deadLetters.find((each) => each.workflow === workflow)!.id;

  it('run their task again, once for each key, and are gone then', async () => {
    const workflow = await fail();
    const id = await idOf(workflow);
    const first = await decide(`${id}/redrive`, { reason: 'mended' });
    expect(await first.json()).toMatchObject({ id: workflow, status: 'running', version: 6 });
    expect(await workflowsOf('')).not.toContain(workflow);
    const again = await decide(`${id}/redrive`, { reason: 'mended' });
    expect(await again.json()).toMatchObject({ version: 6 });
    const other = await decide(`${id}/redrive`, { reason: 'mended' }, 'k2');
    expect(await other.json()).toMatchObject({ status: 404, code: 'UnknownDeadLetter' });
  });

  it('run their task again with another request, which is shown from then on', async () => {
    const workflow = await fail();
    const body = { reason: 'a typing error', request: { orderId: '#W2' } };
    expect((await decide(`${await idOf(workflow)}/redrive`, body)).status).toBe(200);
    const claim = await fixture.worker().claim(workflow, 'r', 2);
    const told = { reason: 'EffectInDoubt', error: [], ...SITE };
    const dead = { role: 'clerk', task: 'r' as TaskId, meta: told };
    const parked = { type: 'TaskParked', meta: { reason: 'EffectInDoubt', error: [] } } as const;
    await claim.append([parked], { release: { as: 'parked' }, dead });
    const reply = await fixture.get(`/v1/dead-letters/${await idOf(workflow)}`);
    expect(await reply.json()).toMatchObject({ request: { orderId: '#W2' } });
  });

  it('are given up with their workflow, once, and say why', async () => {
    const workflow = await fail();
    const id = await idOf(workflow);
    expect((await decide(`${id}/discard`, {})).status).toBe(400);
    const first = await decide(`${id}/discard`, { reason: 'a test order' });
    expect(await first.json()).toMatchObject({ id: workflow, status: 'cancelled' });
    expect((await decide(`${id}/discard`, { reason: 'a test order' })).status).toBe(200);
    expect(await workflowsOf('')).not.toContain(workflow);
    const result = await fixture.get(`/v1/workflows/${workflow}/result`);
    expect(await result.json()).toMatchObject({ details: { reason: 'a test order' } });
  });

  it.each(['role=A', 'limit=0', 'cursor=x', 'group=x', 'since=yesterday', 'nothing=1'])(
    'refuse the query «%s»',
    async (query) => {
      expect((await fixture.get(`/v1/dead-letters?${query}`)).status).toBe(400);
    },
  );
});
