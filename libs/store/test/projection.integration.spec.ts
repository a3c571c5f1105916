import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FEED_START, UnsettledReader, ViewReader, type View } from '../src/index.js';
import { randomWorkflowId } from '../src/index.js';
import { Scene } from './support/scene.js';

describe('lease, project and trim', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  const lease = (owner: string, ms = 3000) => scene.store.lease(0, 'views', owner, ms);
  const project = (owner: string, epoch: number, checkpoint: string, views: readonly View[] = []) =>
    scene.store.project(0, 'views', owner, epoch, checkpoint, views);
  /** Of a workflow that is there. */
  const viewOf = async (given: Partial<View> = {}): Promise<View> => ({
    wf: await scene.start(),
    version: 1,
    tenant: 'acme',
    type: 'job',
    status: 'running',
    startedAtMs: 1000,
    digest: 'e1',
    body: '{"steps":[]}',
    ...given,
  });
  const reader = () => new ViewReader(scene.redis, scene.partitions);

  it('has one owner at a time, under an epoch of its own', async () => {
    const [mine, again] = await scene.twice(() => lease('p1'));
    expect(mine).toEqual({ reply: 'ok', epoch: 1, checkpoint: FEED_START });
    expect(again).toEqual(mine);
    const [taken] = await scene.twice(() => lease('p2'));
    expect(taken).toEqual({ reply: 'taken', owner: 'p1' });
    await scene.passLease(3000);
    expect(await lease('p2')).toMatchObject({ reply: 'ok', epoch: 2 });
    expect(await lease('p1')).toEqual({ reply: 'taken', owner: 'p2' });
  });

  it('goes to the next at once when it is given back', async () => {
    await lease('p1');
    expect(await lease('p2', 0)).toEqual({ reply: 'taken', owner: 'p1' });
    await scene.twice(() => lease('p1', 0));
    expect(await lease('p2', 0)).toMatchObject({ reply: 'taken' });
    expect(await lease('p2')).toMatchObject({ reply: 'ok', epoch: 2 });
  });

  it('writes views and checkpoint together, under the lease alone', async () => {
    await lease('p1');
    const view = await viewOf();
    const [written] = await scene.twice(() => project('p1', 1, '5-0', [view]));
    expect(written).toBe(true);
    expect(await lease('p1')).toMatchObject({ checkpoint: '5-0' });
    expect(await reader().get(view.wf)).toEqual(view);
    expect(await project('p2', 1, '6-0', [])).toBe(false);
    expect(await project('p1', 2, '6-0', [])).toBe(false);
  });

  it('S12: a call that arrives behind a later one writes nothing', async () => {
    await lease('p1');
    const view = await viewOf();
    await project('p1', 1, '9-0', [{ ...view, version: 2 }]);
    expect(await project('p1', 1, '10-0', [{ ...view, version: 3 }])).toBe(true);
    expect(await project('p1', 1, '9-0', [{ ...view, version: 2 }])).toBe(true);
    expect(await reader().get(view.wf)).toMatchObject({ version: 3 });
    expect(await lease('p1')).toMatchObject({ checkpoint: '10-0' });
  });

  it('passes over the view of a workflow that is not there any more', async () => {
    await lease('p1');
    const [view, lost] = [await viewOf(), await viewOf({ wf: randomWorkflowId() })];
    expect(await project('p1', 1, '1-0', [lost, view])).toBe(true);
    expect(await reader().get(lost.wf)).toBeNull();
    const { views } = await reader().list({ tenant: 'acme', limit: 9 });
    expect(views).toEqual([view]);
  });

  it('lists a workflow under its present status alone', async () => {
    await lease('p1');
    const view = await viewOf();
    await project('p1', 1, '1-0', [view]);
    await scene.twice(() => project('p1', 1, '2-0', [{ ...view, status: 'completed' }]));
    const list = async (status?: string) =>
      (await reader().list({ tenant: 'acme', limit: 9, ...(status ? { status } : {}) })).views
        .length;
    expect([await list(), await list('running'), await list('completed')]).toEqual([1, 0, 1]);
  });

  it("pages through a tenant's workflows, the newest first, those of one instant included", async () => {
    await lease('p1');
    const views: View[] = [];
    for (const startedAtMs of [1, 1, 1, 2, 3]) views.push(await viewOf({ startedAtMs }));
    await project('p1', 1, '1-0', [...views, await viewOf({ tenant: 'other' })]);
    const seen: View[] = [];
    let before: string | null = null;
    do {
      const page = await reader().list({ tenant: 'acme', limit: 2, ...(before ? { before } : {}) });
      seen.push(...page.views);
      before = page.next;
    } while (before);
    expect(seen.map(({ startedAtMs }) => startedAtMs)).toEqual([3, 2, 1, 1, 1]);
    expect(new Set(seen.map(({ wf }) => wf)).size).toBe(5);
  });

  it('G7: lists the effects of a tenant that are not settled, while they are not', async () => {
    await lease('p1');
    const view = await viewOf();
    const of = (nth: number, sinceMs = 1) => ({ nth, sinceMs });
    const unsettled = async (tenant = 'acme') =>
      (
        await new UnsettledReader(scene.redis, scene.partitions).list({ tenant, limit: 9 })
      ).effects.map(({ nth, sinceMs }) => of(nth, sinceMs));
    await project('p1', 1, '1-0', [view]);
    expect(await unsettled()).toEqual([]);
    const both = { ...view, unsettled: [of(0, 7), of(4, 9)] };
    await scene.twice(() => project('p1', 1, '2-0', [both]));
    expect(await unsettled()).toEqual([of(4, 9), of(0, 7)]);
    expect(await unsettled('other')).toEqual([]);
    await scene.twice(() => project('p1', 1, '3-0', [{ ...view, unsettled: [of(0, 8), of(2)] }]));
    expect(await unsettled()).toEqual([of(0, 8), of(2)]);
    await scene.twice(() => project('p1', 1, '4-0', [view]));
    expect(await unsettled()).toEqual([]);
    expect(await reader().get(view.wf)).toEqual(view);
  });

  it('pages through effects, the newest doubt first, those of one instant included', async () => {
    await lease('p1');
    const effects = [1, 1, 1, 2, 3].map((sinceMs, nth) => ({ nth, sinceMs }));
    await project('p1', 1, '1-0', [await viewOf({ unsettled: effects })]);
    const seen: number[] = [];
    let before: string | null = null;
    do {
      const query = { tenant: 'acme', limit: 2, ...(before ? { before } : {}) };
      const page = await new UnsettledReader(scene.redis, scene.partitions).list(query);
      seen.push(...page.effects.map(({ nth }) => nth));
      before = page.next;
    } while (before);
    expect(seen).toEqual([4, 3, 2, 1, 0]);
  });

  it('trims what every reader has passed, but never the entry at a checkpoint', async () => {
    for (let i = 0; i < 3; i += 1) await scene.start();
    const ids = (await scene.redis.xrange(scene.partitions.feed(0), '-', '+')).map(([id]) => id);
    await scene.store.lease(0, 'views', 'p1', 3000);
    await scene.store.lease(0, 'traces', 'p1', 3000);
    await scene.store.project(0, 'views', 'p1', 1, ids[2]!, []);
    expect(await scene.store.trim(0, ['views', 'traces'])).toBe(0);
    await scene.store.project(0, 'traces', 'p1', 1, ids[1]!, []);
    const [trimmed, again] = await scene.twice(() => scene.store.trim(0, ['views', 'traces']));
    expect([trimmed, again]).toEqual([1, 0]);
    expect(await scene.store.trim(0, [])).toBe(0);
    expect(await scene.redis.xlen(scene.partitions.feed(0))).toBe(2);
  });
});
