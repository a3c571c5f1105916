import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fixture } from './fixture.js';

describe('a result', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  const result = (id: string, query = ''): Promise<Response> =>
    fixture.get(`/v1/workflows/${id}/result${query}`);

  it('is 202 while the workflow runs', async () => {
    const id = await fixture.startJob();
    const reply = await result(id);
    expect(reply.status).toBe(202);
    expect(await reply.json()).toEqual({
      id,
      type: 'job',
      status: 'running',
      version: 2,
      result: null,
    });
  });

  it('comes with the digits that were recorded', async () => {
    const id = await fixture.startJob();
    const claim = await fixture.worker().claim(id);
    const data = '{"ok":true,"amount":54.040000000000006,"list":[]}';
    await claim.append([{ type: 'TaskCompleted', meta: { version: 1, returnTo: null }, data }], {
      release: { as: 'completed' },
    });
    const reply = await result(id);
    expect(reply.status).toBe(200);
    expect(await reply.text()).toContain(`"result":${data}`);
  });

  it('is waited for until it is there', async () => {
    const id = await fixture.startJob();
    const waiting = result(id, '?wait=30s');
    await fixture.worker().complete(id, { ok: true });
    const reply = await waiting;
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ status: 'completed', result: { ok: true } });
  });

  it('is 202 after the wait when it has not come', async () => {
    const id = await fixture.startJob();
    expect((await result(id, '?wait=50ms')).status).toBe(202);
  });

  it.each(['?wait=2h', '?wait=-1s', '?wait=soon', '?wait=61s', '?hurry=1'])(
    'refuses %s',
    async (query) => {
      const id = await fixture.startJob();
      expect((await result(id, query)).status).toBe(400);
    },
  );

  it('of a parked workflow is a problem with the reason', async () => {
    const id = await fixture.startJob();
    const claim = await fixture.worker().claim(id);
    const error = [{ name: 'E', code: 'BankAway', kind: 'permanent', message: 'no bank' }];
    await claim.append(
      [
        {
          type: 'TaskFailed',
          meta: { error, returnTo: null, origin: { task: 'r', role: 'clerk' } },
        },
        { type: 'WorkflowParked', task: '', meta: { reason: 'Uncaught', task: 'r', error } },
      ],
      { release: { as: 'failed' } },
    );
    const reply = await result(id);
    expect(reply.status).toBe(409);
    expect(await reply.json()).toMatchObject({
      code: 'WorkflowParked',
      details: {
        ...{ reason: 'Uncaught', task: 'r', role: 'clerk', error, waiting: 1 },
        options: [{ action: 'redrive', task: 'r' }, { action: 'rollback' }, { action: 'cancel' }],
      },
    });
  });
});
