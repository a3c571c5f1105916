import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@lockstep/testing';
import { Listeners } from '../src/live/listeners.js';
import { eventsOf, restOf, type StreamEvent } from './event-source.js';
import { ACME, Fixture, RIVAL } from './fixture.js';

describe('a live stream', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  const follow = async (
    path: string,
    headers = {},
    as = ACME,
  ): Promise<AsyncGenerator<StreamEvent>> => eventsOf(await fixture.get(path, { headers, as }));
  const next = async (stream: AsyncGenerator<StreamEvent>): Promise<StreamEvent | undefined> =>
    (await stream.next()).value as StreamEvent | undefined;

  it('of a workflow tells what was recorded, then what is, and ends with it', async () => {
    const id = await fixture.startJob();
    const stream = await follow(`/v1/workflows/${id}/live`);
    expect(await next(stream)).toMatchObject({ id: '1', event: 'WorkflowStarted' });
    expect(await next(stream)).toMatchObject({ id: '2', event: 'TaskScheduled' });
    await fixture.worker().complete(id);
    const rest = await restOf(stream);
    expect(rest.map(({ id, event }) => `${id ?? ''} ${event ?? ''}`)).toEqual([
      '3 TaskStarted',
      '4 TaskCompleted',
      '5 WorkflowCompleted',
      '5 end',
    ]);
    expect(JSON.parse(rest[1]?.data ?? '')).toMatchObject({ version: 4, data: { ok: true } });
  });

  it('of a workflow resumes behind the last event that the client had', async () => {
    const id = await fixture.startJob();
    await fixture.worker().complete(id);
    const stream = await follow(`/v1/workflows/${id}/live`, { 'last-event-id': '3' });
    expect((await restOf(stream)).map(({ id }) => id)).toEqual(['4', '5', '5']);
  });

  it('of a workflow does not come back once it has told the end', async () => {
    const id = await fixture.startJob();
    await fixture.worker().complete(id);
    const headers = { 'last-event-id': '5' };
    expect((await fixture.get(`/v1/workflows/${id}/live`, { headers })).status).toBe(204);
  });

  it('refuses an id that is none of its own', async () => {
    const id = await fixture.startJob();
    const headers = { 'last-event-id': 'x' };
    expect((await fixture.get(`/v1/workflows/${id}/live`, { headers })).status).toBe(400);
  });

  it("G7: of a tenant tells its workflows' changes and no other tenant's", async () => {
    const stream = await follow('/v1/live');
    expect(await next(stream)).toEqual({ event: 'reset', data: '{}' });
    await fixture.startJob({ as: RIVAL });
    const id = await fixture.startJob();
    const told = JSON.parse((await next(stream))?.data ?? '') as object;
    expect(told).toEqual({ id, type: 'job', status: 'running', version: 2 });
    await stream.return(undefined);
  });

  it('leaves nothing behind when its client is gone', async () => {
    const id = await fixture.startJob();
    const gone = new AbortController();
    const { signal } = gone;
    const reply = await fixture.get(`/v1/workflows/${id}/live`, { signal });
    await next(eventsOf(reply));
    gone.abort();
    const listeners = fixture.gateway.get(Listeners, { strict: false });
    await eventually(() => listeners.count === 0, { what: 'the gateway notices' });
  });

  it('ends when the gateway does', async () => {
    const other = await Fixture.start();
    const id = await other.startJob();
    const reply = await other.get(`/v1/workflows/${id}/live`);
    const stream = eventsOf(reply);
    await next(stream);
    await other.stop();
    const rest = await restOf(stream);
    expect(rest.map(({ event }) => event)).toEqual(['TaskScheduled']);
  });

  it('goes on when the connection to the store was lost', async () => {
    const id = await fixture.startJob();
    const stream = await follow(`/v1/workflows/${id}/live`);
    await next(stream);
    await next(stream);
    await fixture.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await fixture.worker().complete(id);
    expect((await restOf(stream)).at(-1)).toMatchObject({ event: 'end' });
    expect((await fixture.get('/health/live')).status).toBe(200);
  });
});
