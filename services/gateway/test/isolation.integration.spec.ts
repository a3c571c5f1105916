// G7 at the door: two tenants with a key each, over every route that the gateway has.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClaimId, WorkflowId } from '@lockstep/kernel';
import { ROOT_TASK } from '@lockstep/store';
import { eventsOf, type StreamEvent } from './event-source.js';
import { ACME, Fixture, OPERATOR, RIVAL } from './fixture.js';

interface Route {
  readonly method: string;
  readonly path: string;
}

const ABSENT = 'wf-00000000000000000000000000000000';
/** What each route needs besides the id, to get as far as the workflow. */
const BODIES: Readonly<Record<string, object>> = {
  'POST /v1/unreadable-messages/{message}/discard': { reason: 'mine now' },
  'POST /v1/workers/{worker}/drain': { reason: 'mine now' },
  'POST /v1/breakers/{target}/open': { reason: 'mine now' },
  'POST /v1/breakers/{target}/close': { reason: 'mine now' },
  'POST /v1/workflows/{id}/signals/{name}': { id: 's1', payload: { approved: true } },
  'POST /v1/workflows/{id}/cancel': { reason: 'mine now' },
  'POST /v1/workflows/{id}/tasks/{task}/redrive': { reason: 'mine now' },
  'POST /v1/workflows/{id}/effects/{task}/{op}/settle': { verdict: 'probe-again', reason: 'x' },
  'POST /v1/redrives/{id}/stop': { reason: 'mine now' },
  'POST /v1/dead-letters/{id}/redrive': { reason: 'mine now' },
  'POST /v1/dead-letters/{id}/discard': { reason: 'mine now' },
  'POST /v1/workflows/{id}/rollback': { reason: 'mine now' },
  'POST /v1/workflows/{id}/park': { reason: 'mine now' },
  'POST /v1/workflows/{id}/resume': { reason: 'mine now' },
  'POST /v1/workflows/{id}/tasks/{task}/skip': { reason: 'mine now' },
};

/** What concerns every tenant: to read what nobody could, and to change what is no tenant's. */
const isShared = (method: string, path: string): boolean =>
  path.startsWith('/v1/unreadable-messages') ||
  (method === 'POST' && /^\/v1\/(breakers|workers)\//.test(path));

describe('G7: a tenant', () => {
  let fixture: Fixture;
  let routes: Route[];
  let theirs: string;
  beforeAll(async () => {
    fixture = await Fixture.start();
    const document = (await (await fixture.get('/openapi.json')).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
    );
    theirs = await fixture.startJob({ as: RIVAL, headers: { 'idempotency-key': 'one' } });
    await fixture.project(theirs);
  });
  afterAll(() => fixture.stop());

  const call = ({ method, path }: Route, id: string, as = ACME): Promise<Response> => {
    const filled = path
      .replace('{id}', id)
      .replace('{name}', 'approval')
      .replace('{task}', 'r')
      .replace('{op}', '1')
      .replace('{target}', 'bank')
      .replace('{worker}', 'clerk-1-a')
      .replace('{message}', '1-0_0_clerk');
    const body = BODIES[`${method} ${path}`];
    return fixture.request(method, filled, { as, ...(body && { body }) });
  };
  /** An answer without what is the request's own. */
  const told = async (reply: Response, id: string): Promise<unknown> => {
    const problem = (await reply.json()) as Record<string, unknown>;
    const bare = JSON.stringify({ ...problem, requestId: '' });
    return { status: reply.status, problem: bare.replaceAll(id, '<id>') };
  };
  const log = async (): Promise<string> =>
    (await fixture.get(`/v1/workflows/${theirs}/events`, { as: RIVAL })).text();

  it('cannot tell the workflow of another from one that is not there, on any route', async () => {
    const before = await log();
    const withId = routes.filter(({ path }) => path.includes('{id}'));
    expect(withId.length).toBeGreaterThanOrEqual(9);
    for (const route of withId) {
      const other = await told(await call(route, theirs), theirs);
      expect(other).toMatchObject({ status: 404 });
      expect({ route, answer: other }).toEqual({
        route,
        answer: await told(await call(route, ABSENT), ABSENT),
      });
    }
    expect(await log()).toBe(before);
  });

  it('has no route at all without a key', async () => {
    expect(routes.length).toBeGreaterThanOrEqual(12);
    for (const route of routes) {
      for (const as of ['', 'no-such-key-0123456789']) {
        const reply = await call(route, theirs, as);
        expect({ route, status: reply.status }).toEqual({ route, status: 401 });
        expect(reply.headers.get('www-authenticate')).toBe('Bearer');
      }
    }
  });

  it('comes to nothing that all share, unless its key is an operator’s', async () => {
    const shared = routes.filter(({ method, path }) => isShared(method, path));
    expect(shared).toHaveLength(6);
    for (const route of shared) {
      const reply = await call(route, theirs);
      const { code } = (await reply.json()) as { code: string };
      expect({ route, code }).toEqual({ route, code: 'NotAnOperator' });
      expect((await call(route, theirs, OPERATOR)).status).not.toBe(403);
    }
  });

  it('sees in lists what is its own', async () => {
    const own = await fixture.startJob();
    await fixture.project(own);
    const reply = await fixture.get('/v1/workflows');
    const { workflows } = (await reply.json()) as { workflows: { id: string }[] };
    expect(workflows.map(({ id }) => id)).toEqual([own]);
  });

  it('starts a workflow of its own under the key of another', async () => {
    const mine = await fixture.startJob({ headers: { 'idempotency-key': 'one' } });
    expect(mine).not.toBe(theirs);
    expect((await fixture.get(`/v1/workflows/${mine}/events`)).status).toBe(200);
  });

  it('is not chosen by an argument', async () => {
    const body = { type: 'job', request: { orderId: '#W1' }, tenant: 'rival' };
    expect((await fixture.post('/v1/workflows', body)).status).toBe(400);
    const headers = { 'x-tenant': 'rival' };
    const reply = await fixture.get(`/v1/workflows/${theirs}/events`, { headers });
    expect(reply.status).toBe(404);
  });

  it('hears on its stream of its own alone', async () => {
    const gone = new AbortController();
    const stream = eventsOf(await fixture.get('/v1/live', { signal: gone.signal }));
    await stream.next();
    await fixture.worker().claim(theirs);
    const own = await fixture.startJob();
    const next = await stream.next();
    expect((next.value as StreamEvent | undefined)?.data).toContain(own);
    gone.abort();
  });

  it('has effect keys of its own', async () => {
    const reserve = (tenant: string, wf: string) =>
      fixture.store.ledger.reserve({
        ...{ tenant, action: 'refund', key: 'order-1', inputDigest: 'd', epoch: 1 },
        ...{ wf: wf as WorkflowId, task: ROOT_TASK, claim: tenant as ClaimId, scheduledAtMs: 1 },
      });
    expect(await reserve('rival', theirs)).toEqual({ reply: 'reserved', occurrence: 1 });
    expect(await reserve('acme', 'wf-mine')).toEqual({ reply: 'reserved', occurrence: 1 });
  });

  it('names itself in no metric', async () => {
    await fixture.get(`/v1/workflows/${theirs}/events`);
    const metrics = await (await fixture.get('/metrics')).text();
    expect(metrics).toContain('method="GET",route="/v1/workflows/:id/events",status="404"');
    for (const secret of ['rival', 'acme', theirs]) expect(metrics).not.toContain(secret);
  });
});
