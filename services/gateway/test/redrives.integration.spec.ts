import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACME, Fixture, RIVAL } from './fixture.js';

const ASKED = { role: 'clerk', reason: 'the bank is back', perSecond: 5 };

describe('a redrive of many dead letters', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  const begin = (key: string, body: object = ASKED, as = ACME): Promise<Response> =>
    fixture.post('/v1/redrives', body, { as, headers: { 'idempotency-key': key } });
  const idOf = async (reply: Response): Promise<string> =>
    ((await reply.json()) as { id: string }).id;

  it('is recorded once for a key, and refused under it with another body', async () => {
    const first = await begin('k1');
    expect(first.status).toBe(202);
    const told = (await first.json()) as { id: string; atMs: number };
    expect(told).toMatchObject({
      ...{ status: 'running', reason: 'the bank is back', perSecond: 5 },
      ...{ by: expect.stringMatching(/^key:/), untilMs: told.atMs, stopped: null },
      progress: { redriven: 0, refused: 0, refusals: [], endedAtMs: null },
    });
    expect(await (await begin('k1')).json()).toEqual(told);
    const other = await begin('k1', { ...ASKED, perSecond: 6 });
    expect(await other.json()).toMatchObject({ status: 409, code: 'IdempotencyConflict' });
  });

  it('is seen and stopped, which is told with who and why', async () => {
    const id = await idOf(await begin('k2'));
    expect(await (await fixture.get(`/v1/redrives/${id}`)).json()).toMatchObject({ id });
    const reply = await fixture.post(`/v1/redrives/${id}/stop`, { reason: 'a mistake' });
    expect(await reply.json()).toMatchObject({
      ...{ id, status: 'stopped', stopped: { reason: 'a mistake' } },
    });
  });

  it("G7: is seen by its own tenant alone, also under another's key", async () => {
    const mine = await idOf(await begin('k3'));
    const theirs = await idOf(await begin('k3', ASKED, RIVAL));
    expect(theirs).not.toBe(mine);
    expect((await fixture.get(`/v1/redrives/${mine}`, { as: RIVAL })).status).toBe(404);
    const list = await fixture.get('/v1/redrives', { as: RIVAL });
    const { redrives } = (await list.json()) as { redrives: { id: string }[] };
    expect(redrives.map(({ id }) => id)).toEqual([theirs]);
  });

  it.each([
    {},
    { reason: 'x', perSecond: 0 },
    { reason: 'x', perSecond: 101 },
    { reason: 'x', to: 1 },
  ])('is refused when it does not fit: %j', async (body) => {
    expect((await begin('k4', body)).status).toBe(400);
  });
});
