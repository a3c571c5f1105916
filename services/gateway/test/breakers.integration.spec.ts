import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Breaker, targetKey, type TargetLimits } from '@lockstep/store';
import { ACME, Fixture, OPERATOR } from './fixture.js';

const LIMITS: TargetLimits = {
  breaker: { windowMs: 10_000, minimum: 2, failureRate: 0.5, openMs: 60_000, probes: 1 },
  rate: null,
  concurrency: null,
};

describe('breakers', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  /** A target that work was sent to. */
  const used = async (target: string, ...outcomes: readonly ('ok' | 'failed')[]) => {
    const { targets } = fixture.store;
    await targets.declare(target);
    for (const [at, outcome] of outcomes.entries()) {
      const permit = `${target}-${at}`;
      await targets.admit(target, LIMITS, { permit, who: permit, leaseMs: 1000 });
      await targets.report(target, LIMITS, permit, outcome, 10);
    }
  };
  const list = async (): Promise<readonly Breaker[]> =>
    ((await (await fixture.get('/v1/breakers')).json()) as { breakers: Breaker[] }).breakers;
  const force = (path: string, key: string, reason = 'the bank asked us to', as = OPERATOR) =>
    fixture.post(`/v1/breakers/${path}`, { reason }, { as, headers: { 'idempotency-key': key } });
  const admitted = async (target: string): Promise<string> => {
    const ask = { permit: 'p', who: 'w', leaseMs: 1000 };
    return (await fixture.store.targets.admit(target, LIMITS, ask)).reply;
  };

  it('are listed by name, with why they are as they are', async () => {
    await used('bank', 'failed', 'failed');
    await used('atlas', 'ok');
    const [atlas, bank] = await list();
    expect(atlas).toEqual({
      ...{ target: 'atlas', state: 'closed', sinceMs: null, by: null, reason: null },
      ...{ pinned: false, probesAtMs: null, admitted: 0, waiting: 0, changes: [] },
    });
    const why = { state: 'open', by: null, reason: '2 of 2 calls failed or timed out' };
    expect(bank).toMatchObject({ target: 'bank', ...why, changes: [why] });
    expect(bank!.probesAtMs! - bank!.sinceMs!).toBe(60_000);
  });

  it('tell how many wait, and not who was expected long ago', async () => {
    await used('queue', 'failed', 'failed');
    await admitted('queue');
    await fixture.redis.zadd(targetKey('queue', 'waiting'), 1, 'cancelled since');
    expect((await list()).find(({ target }) => target === 'queue')).toMatchObject({ waiting: 1 });
  });

  it('are opened by an operator, who is recorded with the reason', async () => {
    await used('mail', 'ok');
    const reply = await force('mail/open', 'k1');
    const why = { state: 'open', by: expect.stringMatching(/^key:/), pinned: true };
    expect(await reply.json()).toMatchObject({ ...why, reason: 'the bank asked us to' });
    expect(await admitted('mail')).toBe('open');
  });

  it('are closed by an operator', async () => {
    await used('shop', 'failed', 'failed');
    expect(await (await force('shop/close', 'k1')).json()).toMatchObject({ state: 'closed' });
    expect(await admitted('shop')).toBe('admitted');
  });

  it('are moved once for one key, and refused under it for another reason', async () => {
    await used('desk', 'ok');
    await force('desk/open', 'k1');
    await force('desk/close', 'k1');
    expect(await (await force('desk/open', 'k1')).json()).toMatchObject({ state: 'closed' });
    const other = await force('desk/open', 'k1', 'another');
    expect(await other.json()).toMatchObject({ status: 409, code: 'IdempotencyConflict' });
  });

  it('G7: are moved by nobody else: they concern all tenants', async () => {
    await used('hub', 'ok');
    const reply = await force('hub/open', 'k1', 'mine now', ACME);
    expect(await reply.json()).toMatchObject({ status: 403, code: 'NotAnOperator' });
    expect(await admitted('hub')).toBe('admitted');
  });

  it('are refused that are not there, and without a reason', async () => {
    const reply = await force('nowhere/open', 'k1');
    expect(await reply.json()).toMatchObject({ status: 404, code: 'UnknownTarget' });
    expect((await fixture.post('/v1/breakers/bank/open', {}, { as: OPERATOR })).status).toBe(400);
  });
});
