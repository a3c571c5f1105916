import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskId } from '@lockstep/kernel';
import { ACME, Fixture, RIVAL } from './fixture.js';

interface Page {
  readonly deadLetters: readonly { readonly workflow: string }[];
  readonly next: string | null;
}

const error = [{ name: 'E', code: 'E', kind: 'permanent', message: 'no' }];

describe('dead letters', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  const page = async (query: string, as = ACME): Promise<Page> =>
    (await (await fixture.get(`/v1/dead-letters?${query}`, { as })).json()) as Page;
  const fail = async (as = ACME): Promise<string> => {
    const id = await fixture.startJob({ as });
    const claim = await fixture.worker().claim(id);
    const meta = { error, returnTo: null, origin: { task: 'r', role: 'clerk' } };
    const letter = { role: 'clerk', task: 'r' as TaskId, meta: { error, attempts: 1 } };
    await claim.append([{ type: 'TaskFailed', meta }], { release: { as: 'failed' }, dead: letter });
    return id;
  };

  it("G7: are a tenant's own, the newest first, in pages", async () => {
    const ids = [await fail(), await fail(), await fail()];
    const other = await fail(RIVAL);
    const first = await page('role=clerk&limit=2');
    expect(first.deadLetters[0]).toEqual({
      ...{ id: expect.any(String), role: 'clerk', workflow: ids[2], task: 'r' },
      ...{ version: 4, atMs: expect.any(Number), meta: { error, attempts: 1 } },
      request: { orderId: '#W1' },
    });
    const second = await page(`role=clerk&limit=2&cursor=${first.next ?? ''}`);
    const found = [...first.deadLetters, ...second.deadLetters].map(({ workflow }) => workflow);
    expect(found).toEqual([...ids].reverse());
    expect(second.next).toBeNull();
    const rivals = await page('role=clerk', RIVAL);
    expect(rivals.deadLetters.map(({ workflow }) => workflow)).toEqual([other]);
  });

  it('are gone when the task is run again', async () => {
    const id = await fail();
    await fixture.post(`/v1/workflows/${id}/tasks/r/redrive`, {});
    const { deadLetters } = await page('role=clerk');
    expect(deadLetters.map(({ workflow }) => workflow)).not.toContain(id);
  });

  it.each(['', 'role=A', 'role=clerk&limit=0', 'role=clerk&cursor=x'])(
    'refuse the query «%s»',
    async (query) => {
      expect((await fixture.get(`/v1/dead-letters?${query}`)).status).toBe(400);
    },
  );
});
