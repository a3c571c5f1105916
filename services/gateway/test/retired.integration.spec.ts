import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import { Fixture, RIVAL } from './fixture.js';

const TIMES = { keepMs: 0, tombstoneMs: 60_000, putOffMs: 1000 };
const RESULT = '{"ok":true,"amount":54.040000000000006}';

describe('a workflow that was retired', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  /** A job that has ended and left the store; answers its id. */
  async function retired(key: string, result: string | null = RESULT): Promise<string> {
    const id = await fixture.startJob({ headers: { 'idempotency-key': key } });
    if (result === null) await fixture.post(`/v1/workflows/${id}/cancel`, { reason: 'changed' });
    else await fixture.worker().complete(id, JSON.parse(result));
    const version = await fixture.project(id);
    const { partitions } = fixture.store;
    const partition = partitions.of(id);
    const endedAtMs = Number(await fixture.redis.zscore(partitions.ended(partition), id));
    const item = { wf: id as WorkflowId, version, endedAtMs, result, timers: [] };
    expect(await fixture.store.retire(partition, TIMES, [item])).toEqual(['ok']);
    return id;
  }

  it('still answers its result, with the digits that were recorded', async () => {
    const id = await retired('k-1');
    const reply = await fixture.get(`/v1/workflows/${id}/result?wait=30s`);
    expect(reply.status).toBe(200);
    const told = `{"id":"${id}","type":"job","status":"completed","version":5,"result":${RESULT}}`;
    expect(await reply.text()).toBe(told);
  });

  it('is 410 where more than that is asked of it', async () => {
    const id = await retired('k-2');
    for (const path of ['', '/events', '/state']) {
      const reply = await fixture.get(`/v1/workflows/${id}${path}`);
      expect([path, reply.status]).toEqual([path, 410]);
      expect(await reply.json()).toMatchObject({
        code: 'WorkflowRetired',
        details: { id, status: 'completed', version: 5 },
      });
    }
    const cancel = await fixture.post(`/v1/workflows/${id}/cancel`, { reason: 'late' });
    expect(cancel.status).toBe(410);
  });

  it('is 410 as well when it came to no result', async () => {
    const id = await retired('k-3', null);
    const reply = await fixture.get(`/v1/workflows/${id}/result`);
    expect(reply.status).toBe(410);
    expect(await reply.json()).toMatchObject({ details: { status: 'cancelled' } });
  });

  it('S12: is what a repeated start finds, and in no list', async () => {
    const id = await retired('k-4');
    const headers = { 'idempotency-key': 'k-4' };
    const start = (orderId: string): Promise<Response> =>
      fixture.post('/v1/workflows', { type: 'job', request: { orderId } }, { headers });
    const again = await start('#W1');
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ id, status: 'completed', version: 5 });
    expect((await start('#W2')).status).toBe(409);
    const list = await fixture.get('/v1/workflows');
    expect(await list.json()).toEqual({ workflows: [], next: null });
  });

  it('G7: cannot be told from one that is not there by another tenant', async () => {
    const id = await retired('k-5');
    for (const path of ['', '/result', '/events']) {
      const reply = await fixture.get(`/v1/workflows/${id}${path}`, { as: RIVAL });
      expect(reply.status).toBe(404);
    }
  });
});
