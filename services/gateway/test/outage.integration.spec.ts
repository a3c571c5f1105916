import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@lockstep/testing';
import { eventsOf, restOf } from './event-source.js';
import { Fixture } from './fixture.js';

describe('while Redis is away', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start('', { appendfsync: 'always' });
  });
  afterAll(() => fixture.stop());

  it('the gateway says so in bounded time, is not ready, and goes on as if nothing was', async () => {
    const id = await fixture.startJob({ headers: { 'idempotency-key': 'k' } });
    const stream = eventsOf(await fixture.get(`/v1/workflows/${id}/live`));
    await stream.next();
    await fixture.server.kill();
    const reply = await fixture.post(
      '/v1/workflows',
      { type: 'job', request: { orderId: '#W2' } },
      { headers: { 'idempotency-key': 'other' } },
    );
    expect(reply.headers.get('retry-after')).toBe('1');
    expect(await reply.json()).toMatchObject({ status: 503, code: 'StoreUnavailable' });
    expect((await fixture.get('/health/ready')).status).toBe(503);
    expect((await fixture.get('/health/live')).status).toBe(200);

    await fixture.server.restart();
    await eventually(async () => (await fixture.get('/health/ready')).ok, { what: 'it is ready' });
    expect(await fixture.startJob({ headers: { 'idempotency-key': 'k' } })).toBe(id);
    await fixture.worker().complete(id);
    const rest = await restOf(stream);
    expect(rest.map(({ id: version }) => version)).toEqual(['2', '3', '4', '5', '5']);
  }, 60_000);
});
