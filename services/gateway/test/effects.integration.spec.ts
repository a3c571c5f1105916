import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACME, Fixture, RIVAL } from './fixture.js';
import type { Claim } from './worker.js';

interface Effect {
  readonly workflow: string;
  readonly key: string;
  readonly status: string;
  readonly sinceMs: number;
}
interface Page {
  readonly effects: readonly Effect[];
  readonly next: string | null;
}

const error = [{ name: 'E', code: 'Down', kind: 'transient', message: 'the bank is away' }];
const doubt = { type: 'EffectInDoubt', op: 1, meta: { attempt: 1, error } } as const;
const intended = (action: string, key: string) => {
  const meta = {
    action,
    key,
    attempt: 1,
    inputDigest: 'd',
    risk: 'high',
    windowMs: 1,
    timeoutMs: 1,
  };
  return { type: 'EffectIntended', op: 1, meta } as const;
};

describe('effects that are not settled', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  const page = async (query: string, as = ACME): Promise<Page> =>
    (await (await fixture.get(`/v1/effects?${query}`, { as })).json()) as Page;
  const keysOf = async (query: string): Promise<string[]> =>
    (await page(query)).effects.map(({ key }) => key);
  /** A workflow whose root has an effect in doubt, and then does what a test says. */
  const doubtful = async (
    { action = 'refund', key, as = ACME }: { action?: string; key: string; as?: string },
    then: (root: Claim) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<string> => {
    const id = await fixture.startJob({ as });
    const root = await fixture.worker().claim(id);
    await root.append([intended(action, key), doubt]);
    await then(root);
    await fixture.project(id);
    return id;
  };
  const parks = (root: Claim): Promise<unknown> => {
    const meta = { reason: 'EffectInDoubt', error, op: 1 };
    return root.append([{ type: 'TaskParked', meta }], { release: { as: 'parked' } });
  };

  it('are told with what is known of them, and what a person can do', async () => {
    const workflow = await doubtful({ key: 'told' }, parks);
    const { effects } = await page('action=refund');
    expect(effects.find(({ key }) => key === 'told')).toEqual({
      ...{ workflow, type: 'job', task: 'r', role: 'clerk', op: 1, action: 'refund', key: 'told' },
      ...{ risk: 'high', status: 'parked', attempts: 1, sinceMs: expect.any(Number), error },
      options: [
        { action: 'settle', task: 'r', op: 1, verdicts: expect.any(Array) },
        { action: 'rollback' },
        { action: 'cancel' },
      ],
    });
  });

  it("G7: are a tenant's own, the newest doubt first, in pages", async () => {
    const keys = ['p1', 'p2', 'p3'];
    for (const key of keys) await doubtful({ action: 'paging', key });
    await doubtful({ action: 'paging', key: 'theirs', as: RIVAL });
    const first = await page('limit=2');
    const second = await page(`limit=1&cursor=${first.next ?? ''}`);
    expect([...first.effects, ...second.effects].map(({ key }) => key)).toEqual(keys.toReversed());
    expect((await page('', RIVAL)).effects.map(({ key }) => key)).toEqual(['theirs']);
  });

  it('are found by status, role and action, page by page', async () => {
    await doubtful({ action: 'wanted', key: 'w1' });
    await doubtful({ action: 'other', key: 'o1' });
    await doubtful({ action: 'wanted', key: 'w2' }, parks);
    expect(await keysOf('action=wanted')).toEqual(['w2', 'w1']);
    expect(await keysOf('action=wanted&status=parked')).toEqual(['w2']);
    expect(await keysOf('action=wanted&status=in-doubt')).toEqual(['w1']);
    expect(await keysOf('action=wanted&role=clerk')).toEqual(['w2', 'w1']);
    expect(await keysOf('action=wanted&role=payments')).toEqual([]);
    const { next } = await page('action=wanted&limit=1');
    expect(await page(`action=wanted&limit=1&cursor=${next ?? ''}`)).toMatchObject({
      effects: [{ key: 'w1' }],
    });
  });

  it('are gone from the list when they are', async () => {
    const outcome = { action: 'done', key: 'd1', occurrence: 1, by: 'probe' };
    await doubtful({ action: 'done', key: 'd1' }, (root) =>
      root.append([{ type: 'EffectCommitted', op: 1, meta: outcome, data: '{}' }]),
    );
    expect(await keysOf('action=done')).toEqual([]);
  });

  it('are told from the log where the view is that of another release', async () => {
    const id = await doubtful({ action: 'aged', key: 'a1' });
    const view = fixture.store.partitions.view(id);
    await fixture.redis.hset(view, 'view', '{"layout":1}');
    expect(await keysOf('action=aged')).toEqual(['a1']);
  });

  it.each(['status=done', 'role=A', 'limit=0', 'cursor=x', 'nothing=1'])(
    'refuse the query «%s»',
    async (query) => {
      expect((await fixture.get(`/v1/effects?${query}`)).status).toBe(400);
    },
  );
});
