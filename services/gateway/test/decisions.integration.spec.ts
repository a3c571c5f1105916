import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fixture } from './fixture.js';

const error = [{ name: 'E', code: 'E', kind: 'permanent', message: 'no' }];
const MENDED = { reason: 'it is mended' };
const origin = (task: string): object => ({ task, role: 'clerk' });

describe('a decision', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  const decide = (path: string, body: object = {}, key?: string): Promise<Response> =>
    fixture.post(path, body, { ...(key !== undefined && { headers: { 'idempotency-key': key } }) });
  const types = async (id: string): Promise<string[]> => {
    const reply = await fixture.get(`/v1/workflows/${id}/events`);
    const { events } = (await reply.json()) as { events: { type: string; task: string }[] };
    return events.map(({ type, task }) => `${type} ${task}`.trim());
  };

  /** A workflow whose root failed because its callee `r.1` did. */
  const failed = async (): Promise<string> => {
    const id = await fixture.startJob();
    const root = await fixture.worker().claim(id);
    await root.call(1);
    const callee = await fixture.worker().claim(id, 'r.1');
    const returnTo = { task: 'r', op: 1 };
    await callee.append(
      [{ type: 'TaskFailed', meta: { error, returnTo, origin: origin('r.1') } }],
      {
        release: { as: 'failed' },
      },
    );
    await root.append(
      [
        { type: 'TaskFailed', meta: { error, returnTo: null, origin: origin('r.1') } },
        { type: 'WorkflowParked', task: '', meta: { reason: 'Uncaught', task: 'r', error } },
      ],
      { release: { as: 'failed' } },
    );
    return id;
  };

  /** A workflow whose root is parked with an effect in doubt. */
  const inDoubt = async (): Promise<string> => {
    const id = await fixture.startJob();
    const root = await fixture.worker().claim(id);
    const intent = { action: 'refund', key: 'k', attempt: 1, inputDigest: 'd', risk: 'low' };
    await root.append([
      { type: 'EffectIntended', op: 1, meta: { ...intent, windowMs: 1, timeoutMs: 1 } },
    ]);
    await root.append([{ type: 'TaskParked', meta: { reason: 'EffectInDoubt', error, op: 1 } }], {
      release: { as: 'parked' },
    });
    return id;
  };

  describe('to cancel', () => {
    it('ends a workflow that has done nothing to the outside, and says who and why', async () => {
      const id = await fixture.startJob();
      const reply = await decide(`/v1/workflows/${id}/cancel`, { reason: 'a mistake' }, 'c1');
      expect(reply.status).toBe(200);
      expect(await reply.json()).toMatchObject({ id, status: 'cancelled' });
      const result = await fixture.get(`/v1/workflows/${id}/result`);
      expect(await result.json()).toMatchObject({
        status: 409,
        code: 'WorkflowCancelled',
        details: { reason: 'a mistake', by: expect.stringMatching(/^key:[0-9a-f]{8}$/) },
      });
    });

    it('is recorded once, and refused under its id for another reason', async () => {
      const id = await fixture.startJob();
      const path = `/v1/workflows/${id}/cancel`;
      const first: unknown = await (await decide(path, { reason: 'a' }, 'c1')).json();
      const again: unknown = await (await decide(path, { reason: 'a' }, 'c1')).json();
      expect(again).toEqual(first);
      const other = await decide(path, { reason: 'b' }, 'c1');
      expect(await other.json()).toMatchObject({ status: 409, code: 'IdempotencyConflict' });
    });

    it('is refused after the end, and without a reason', async () => {
      const id = await fixture.startJob();
      await fixture.worker().complete(id);
      const path = `/v1/workflows/${id}/cancel`;
      expect(await (await decide(path, { reason: 'late' })).json()).toMatchObject({
        code: 'WorkflowEnded',
      });
      expect((await decide(path)).status).toBe(400);
    });
  });

  describe('to run a task again', () => {
    it('sends it back to its role, with the callers that its failure ended', async () => {
      const id = await failed();
      const reply = await decide(`/v1/workflows/${id}/tasks/r.1/redrive`, MENDED, 'd1');
      expect(reply.status).toBe(200);
      expect(await reply.json()).toMatchObject({ id, status: 'running' });
      expect((await types(id)).slice(-2)).toEqual(['TaskReopened r', 'TaskReopened r.1']);
      await fixture.worker().claim(id, 'r.1', 2);
    });

    it('is recorded once', async () => {
      const id = await failed();
      const path = `/v1/workflows/${id}/tasks/r.1/redrive`;
      const first: unknown = await (await decide(path, MENDED, 'd1')).json();
      expect(await (await decide(path, MENDED, 'd1')).json()).toEqual(first);
      expect((await types(id)).filter((type) => type === 'TaskReopened r')).toHaveLength(1);
    });

    it.each([
      ['r', 409, 'RedriveRefused'],
      ['r.9', 404, 'UnknownTask'],
    ])('is refused for task %s', async (task, status, code) => {
      const reply = await decide(`/v1/workflows/${await failed()}/tasks/${task}/redrive`, MENDED);
      expect(await reply.json()).toMatchObject({ status, code });
    });

    it('is refused at another version than the one that was seen', async () => {
      const id = await failed();
      const path = `/v1/workflows/${id}/tasks/r.1/redrive`;
      const stale = await fixture.post(path, MENDED, { headers: { 'if-match': '"3"' } });
      expect(stale.status).toBe(412);
      expect(await stale.json()).toMatchObject({
        code: 'VersionMismatch',
        details: { seen: 3, current: 8 },
      });
      expect((await decide(path, { ...MENDED, version: 3 })).status).toBe(412);
      expect((await fixture.post(path, MENDED, { headers: { 'if-match': '8' } })).status).toBe(200);
    });
  });

  describe('to run a task again with a corrected request', () => {
    const path = (id: string): string => `/v1/workflows/${id}/tasks/r/redrive`;
    const alone = async (): Promise<string> => {
      const id = await fixture.startJob();
      const root = await fixture.worker().claim(id);
      await root.append([{ type: 'StepCompleted', op: 1, meta: { name: 'look', attempt: 1 } }]);
      const meta = { error, returnTo: null, origin: origin('r') };
      await root.append([{ type: 'TaskFailed', meta }], { release: { as: 'failed' } });
      return id;
    };
    const corrected = { ...MENDED, request: { orderId: '#W2' } };

    it('is recorded with the request, who gave it and why, and the task begins anew', async () => {
      const id = await alone();
      expect((await decide(path(id), corrected, 'd1')).status).toBe(200);
      const reply = await fixture.get(`/v1/workflows/${id}/events`);
      const { events } = (await reply.json()) as { events: object[] };
      expect(events.slice(-2)).toMatchObject([
        { type: 'TaskReopened', task: 'r', meta: { keepUpTo: 2, ...MENDED } },
        { type: 'RequestCorrected', task: 'r', data: corrected.request, meta: MENDED },
      ]);
    });

    it('is recorded once, and refused under its id with another request', async () => {
      const id = await alone();
      const first: unknown = await (await decide(path(id), corrected, 'd1')).json();
      expect(await (await decide(path(id), corrected, 'd1')).json()).toEqual(first);
      for (const other of [MENDED, { ...MENDED, request: { orderId: '#W3' } }]) {
        const reply = await decide(path(id), other, 'd1');
        expect(await reply.json()).toMatchObject({ code: 'IdempotencyConflict' });
      }
    });

    it('is refused when the request breaks the contract', async () => {
      const reply = await decide(path(await alone()), { ...MENDED, request: { orderId: 7 } });
      expect(await reply.json()).toMatchObject({
        ...{ status: 422, code: 'ContractViolation', fields: [{ path: 'orderId' }] },
      });
    });

    it('is refused of a task that has done something which others can see', async () => {
      const id = await inDoubt();
      expect(await (await decide(path(id), corrected)).json()).toMatchObject({
        ...{ status: 409, code: 'CorrectionRefused' },
      });
    });
  });

  describe('to settle an effect in doubt', () => {
    it('is recorded with the receipt, and the task goes back to its role', async () => {
      const id = await inDoubt();
      const body = { verdict: 'happened', receipt: { refundId: 7 }, ...MENDED };
      const reply = await decide(`/v1/workflows/${id}/effects/r/1/settle`, body, 'e1');
      expect(await reply.json()).toMatchObject({ id, status: 'running' });
      const events = await (await fixture.get(`/v1/workflows/${id}/events`)).text();
      expect(events).toContain('"data":{"refundId":7}');
      await fixture.worker().claim(id, 'r', 2);
    });

    it('is recorded once, and refused under its id with another verdict', async () => {
      const id = await inDoubt();
      const path = `/v1/workflows/${id}/effects/r/1/settle`;
      const first = await decide(path, { verdict: 'did-not-happen', ...MENDED }, 'e1');
      const again = await decide(path, { verdict: 'did-not-happen', ...MENDED }, 'e1');
      expect(await again.json()).toEqual(await first.json());
      const other = await decide(path, { verdict: 'probe-again', ...MENDED }, 'e1');
      expect(await other.json()).toMatchObject({ status: 409, code: 'IdempotencyConflict' });
    });

    it.each([
      ['an effect that is not in doubt', '2', { verdict: 'probe-again' }, 409, 'SettlementRefused'],
      [
        'a receipt of what did not happen',
        '1',
        { verdict: 'did-not-happen', receipt: {} },
        400,
        'InvalidRequest',
      ],
      ['what happened without a receipt', '1', { verdict: 'happened' }, 400, 'InvalidRequest'],
      ['a verdict that there is not', '1', { verdict: 'maybe' }, 400, 'InvalidRequest'],
      ['an operation that is no number', 'x', { verdict: 'probe-again' }, 400, 'InvalidRequest'],
    ])('refuses %s', async (_, op, body, status, code) => {
      const reply = await decide(`/v1/workflows/${await inDoubt()}/effects/r/${op}/settle`, {
        ...MENDED,
        ...body,
      });
      expect(await reply.json()).toMatchObject({ status, code });
    });
  });
});
