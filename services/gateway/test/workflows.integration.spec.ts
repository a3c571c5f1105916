import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fixture } from './fixture.js';

describe('starting a workflow', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  const start = (body: unknown, key?: string): Promise<Response> =>
    fixture.post('/v1/workflows', body, {
      ...(key !== undefined && { headers: { 'idempotency-key': key } }),
    });
  const order = (orderId: string): object => ({ type: 'job', request: { orderId } });

  it('answers 201 with the id and where to find it', async () => {
    const reply = await start(order('#W1'), 'first');
    const body = (await reply.json()) as { id: string };
    expect(reply.status).toBe(201);
    expect(body).toEqual({ id: expect.any(String), type: 'job', status: 'running', version: 2 });
    expect(reply.headers.get('location')).toBe(`/v1/workflows/${body.id}`);
    expect(reply.headers.get('cache-control')).toBe('no-store');
  });

  it('answers a repeat under the same key with the same workflow, whatever the order of the fields', async () => {
    const first = await start({ type: 'job', request: { orderId: '#W1' } }, 'again');
    const again = await start({ request: { orderId: '#W1' }, type: 'job' }, 'again');
    expect(again.status).toBe(200);
    expect(await again.json()).toEqual(await first.json());
  });

  it('refuses another body under the same key', async () => {
    await start(order('#W1'), 'taken');
    const reply = await start(order('#W2'), 'taken');
    expect(reply.status).toBe(409);
    expect(await reply.json()).toMatchObject({ code: 'IdempotencyConflict' });
  });

  it('starts a workflow of its own for each request without a key', async () => {
    const ids = [await fixture.startJob(), await fixture.startJob()];
    expect(new Set(ids).size).toBe(2);
  });

  it('names the field that breaks the contract, and starts nothing', async () => {
    const reply = await start({ type: 'job', request: { orderId: 7 } }, 'broken');
    expect(reply.status).toBe(422);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(await reply.json()).toMatchObject({
      code: 'ContractViolation',
      fields: [{ path: 'orderId', expected: 'must be a string', came: '7' }],
    });
    expect((await start(order('#W1'), 'broken')).status).toBe(201);
  });

  it('refuses a request where the contract asks for nothing', async () => {
    expect((await start({ type: 'nap' })).status).toBe(201);
    expect((await start({ type: 'nap', request: { orderId: '#W1' } })).status).toBe(422);
  });

  it.each([
    ['a field that it does not know', { type: 'nap', extra: 1 }, 400, 'InvalidRequest'],
    ['a type that it does not know', { type: 'other' }, 422, 'UnknownWorkflowType'],
    ['a body that is not JSON', '{"type":', 400, 'InvalidRequest'],
    ['a body that is an array', [], 400, 'InvalidRequest'],
    ['a poisoned prototype', '{"type":"nap","__proto__":{"a":1}}', 400, 'InvalidRequest'],
  ])('refuses %s', async (_, body, status, code) => {
    const reply = await start(body);
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ status, code });
  });

  it('refuses a body over its limit', async () => {
    const reply = await start(order('#'.repeat(300_000)));
    expect(reply.status).toBe(413);
    expect(await reply.json()).toMatchObject({ code: 'PayloadTooLarge' });
  });

  it('refuses a key that no header should carry', async () => {
    const reply = await start(order('#W1'), 'a b');
    expect(await reply.json()).toMatchObject({
      status: 400,
      fields: [{ path: 'Idempotency-Key' }],
    });
  });

  it('answers with the request id that it was sent, or one of its own', async () => {
    const sent = await fixture.get('/v1/nothing', { headers: { 'x-request-id': 'mine-1' } });
    expect(sent.headers.get('x-request-id')).toBe('mine-1');
    expect(await sent.json()).toMatchObject({
      status: 404,
      code: 'UnknownRoute',
      requestId: 'mine-1',
      instance: '/v1/nothing',
    });
    const own = await fixture.get('/v1/nothing', { headers: { 'x-request-id': 'no good id' } });
    expect(own.headers.get('x-request-id')).toMatch(/^[\w-]{20,}$/);
  });
});
