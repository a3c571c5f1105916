import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fixture } from './fixture.js';

describe('a signal', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  const send = (id: string, name: string, payload: unknown, key?: string): Promise<Response> =>
    fixture.post(
      `/v1/workflows/${id}/signals/${name}`,
      { payload },
      { ...(key !== undefined && { headers: { 'idempotency-key': key } }) },
    );
  const signalsOf = async (id: string): Promise<unknown[]> => {
    const reply = await fixture.get(`/v1/workflows/${id}/events`);
    const { events } = (await reply.json()) as { events: { type: string; data: unknown }[] };
    return events.filter(({ type }) => type === 'SignalReceived').map(({ data }) => data);
  };

  it('is recorded once, however often it is sent', async () => {
    const id = await fixture.startJob();
    const first = await send(id, 'approval', { approved: true }, 's1');
    const again = await send(id, 'approval', { approved: true }, 's1');
    expect(first.status).toBe(200);
    expect(await first.json()).toEqual({ id, version: 3 });
    expect(await again.json()).toEqual({ id, version: 3 });
    expect(await signalsOf(id)).toEqual([{ approved: true }]);
  });

  it('takes its id from the body as well', async () => {
    const id = await fixture.startJob();
    const body = { id: 's1', payload: { approved: false } };
    expect((await fixture.post(`/v1/workflows/${id}/signals/approval`, body)).status).toBe(200);
    expect((await send(id, 'approval', { approved: false }, 's1')).status).toBe(200);
    expect(await signalsOf(id)).toHaveLength(1);
  });

  it('is refused under the id of another one', async () => {
    const id = await fixture.startJob();
    await send(id, 'approval', { approved: true }, 's1');
    const reply = await send(id, 'approval', { approved: false }, 's1');
    expect(await reply.json()).toMatchObject({ status: 409, code: 'IdempotencyConflict' });
  });

  it('is not taken for a command under the same id', async () => {
    const id = await fixture.startJob();
    await send(id, 'approval', { approved: true }, 'same');
    const reply = await fixture.post(
      `/v1/workflows/${id}/cancel`,
      { reason: 'enough' },
      { headers: { 'idempotency-key': 'same' } },
    );
    expect(await reply.json()).toMatchObject({ status: 'cancelled' });
  });

  it.each([
    ['without an id', 'approval', { approved: true }, undefined, 400, 'InvalidRequest'],
    ['that breaks its contract', 'approval', { approved: 1 }, 's1', 422, 'ContractViolation'],
    ['that the workflow does not take', 'other', {}, 's1', 404, 'UnknownSignal'],
    ['named like a property of every object', 'constructor', {}, 's1', 404, 'UnknownSignal'],
  ])('is refused %s', async (_, name, payload, key, status, code) => {
    const reply = await send(await fixture.startJob(), name, payload, key);
    expect(await reply.json()).toMatchObject({ status, code });
  });

  it('is refused after the end', async () => {
    const id = await fixture.startJob();
    await fixture.worker().complete(id);
    const reply = await send(id, 'approval', { approved: true }, 's1');
    expect(await reply.json()).toMatchObject({ status: 409, code: 'WorkflowEnded' });
  });
});
