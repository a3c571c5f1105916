import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fixture, RIVAL } from './fixture.js';

interface List {
  readonly workflows: readonly { readonly id: string; readonly status: string }[];
  readonly next: string | null;
}

describe('a view', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  const view = (id: string, query = ''): Promise<Response> =>
    fixture.get(`/v1/workflows/${id}${query}`);

  it('is what the projector wrote, with its version as entity tag', async () => {
    const id = await fixture.startJob();
    await fixture.project(id);
    const reply = await view(id);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('etag')).toBe('"2"');
    expect(await reply.json()).toMatchObject({
      id,
      version: 2,
      status: 'running',
      state: { done: 0 },
      tasks: [{ id: 'r', role: 'clerk', state: 'Idle' }],
    });
  });

  it('is waited for when it must be newer', async () => {
    const id = await fixture.startJob();
    await fixture.project(id);
    const waiting = view(id, '?atLeast=3');
    await fixture.worker().claim(id);
    await fixture.project(id);
    expect(await (await waiting).json()).toMatchObject({ version: 3 });
  });

  it('of a workflow that just started is waited for', async () => {
    const id = await fixture.startJob();
    const waiting = view(id);
    await fixture.project(id);
    expect((await waiting).status).toBe(200);
  });

  it('is not made up when the projector stays behind', async () => {
    const id = await fixture.startJob();
    await fixture.project(id);
    const reply = await view(id, '?atLeast=9&wait=50ms');
    expect(reply.headers.get('retry-after')).toBe('1');
    expect(await reply.json()).toMatchObject({
      status: 503,
      code: 'ViewBehind',
      details: { wanted: 9, found: 2 },
    });
  });

  it('can be read at any version, before the projector has come there', async () => {
    const id = await fixture.startJob();
    const claim = await fixture.worker().claim(id);
    const changed = (fields: object) => ({
      type: 'StateChanged' as const,
      op: 1,
      meta: { fields: Object.keys(fields) },
      data: JSON.stringify(fields),
    });
    await claim.append([changed({ done: 1, stage: 'a' })]);
    await claim.append([changed({ done: 2, stage: 'b' })]);
    const states = [];
    for (const version of [2, 4, 5]) {
      const reply = await fixture.get(`/v1/workflows/${id}/state?version=${version}`);
      states.push(((await reply.json()) as { state: unknown }).state);
    }
    expect(states).toEqual([{ done: 0 }, { done: 1, stage: 'a' }, { done: 3, stage: 'b' }]);
    const late = await fixture.get(`/v1/workflows/${id}/state?version=6`);
    expect(await late.json()).toMatchObject({ status: 404, code: 'UnknownVersion' });
  });

  describe('list', () => {
    const list = async (query = ''): Promise<List> =>
      (await (await fixture.get(`/v1/workflows${query}`)).json()) as List;
    const all = async (query: string): Promise<string[]> => {
      const ids: string[] = [];
      for (let cursor = ''; ;) {
        const { workflows, next } = await list(`${query}&limit=2${cursor}`);
        ids.push(...workflows.map(({ id }) => id));
        if (next === null) return ids;
        cursor = `&cursor=${next}`;
      }
    };

    it('comes in pages, the newest first, by type and status', async () => {
      const ids: string[] = [];
      for (let i = 0; i < 5; i += 1) ids.push(await fixture.startJob());
      await fixture.worker().complete(ids[0]!);
      await fixture.startJob({ as: RIVAL }).then((id) => fixture.project(id));
      for (const id of ids) await fixture.project(id);
      const running = await all('?status=running&type=job');
      expect(running.filter((id) => ids.includes(id))).toEqual(ids.slice(1).reverse());
      expect(await all('?status=completed')).toEqual([ids[0]]);
      expect(await all('?type=nap')).toEqual([]);
      expect(new Set(running).size).toBe(running.length);
    });

    it.each(['?limit=0', '?limit=201', '?status=lost', '?type=A', '?cursor=x', '?tenant=rival'])(
      'refuses %s',
      async (query) => {
        expect((await fixture.get(`/v1/workflows${query}`)).status).toBe(400);
      },
    );
  });
});
