import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fixture } from './fixture.js';

interface Page {
  readonly events: readonly {
    readonly version: number;
    readonly type: string;
    readonly data: unknown;
  }[];
  readonly next: number | null;
}

describe('the events of a workflow', () => {
  let fixture: Fixture;
  let id: string;
  beforeAll(async () => {
    fixture = await Fixture.start();
    id = await fixture.startJob();
    await fixture.worker().complete(id);
  });
  afterAll(() => fixture.stop());

  const page = async (query: string): Promise<Page> =>
    (await (await fixture.get(`/v1/workflows/${id}/events${query}`)).json()) as Page;

  it('G1: come in order, without a gap, with their payloads', async () => {
    const { events, next } = await page('');
    expect(events.map(({ version, type }) => [version, type])).toEqual([
      [1, 'WorkflowStarted'],
      [2, 'TaskScheduled'],
      [3, 'TaskStarted'],
      [4, 'TaskCompleted'],
      [5, 'WorkflowCompleted'],
    ]);
    expect(events[1]?.data).toEqual({ orderId: '#W1' });
    expect(events[0]?.data).toBeNull();
    expect(next).toBeNull();
  });

  it('come in pages, each saying where the next begins', async () => {
    const versions: number[] = [];
    for (let after: number | null = 0; after !== null;) {
      const { events, next }: Page = await page(`?after=${after}&limit=2`);
      versions.push(...events.map(({ version }) => version));
      after = next;
    }
    expect(versions).toEqual([1, 2, 3, 4, 5]);
  });

  it('are an empty page after the last', async () => {
    expect(await page('?after=5')).toEqual({ events: [], next: null });
    expect(await page('?after=99')).toEqual({ events: [], next: null });
  });

  it('come as lines to whoever accepts NDJSON', async () => {
    const reply = await fixture.get(`/v1/workflows/${id}/events?after=1`, {
      headers: { accept: 'application/x-ndjson' },
    });
    expect(reply.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await reply.text()).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { version: number }).version)).toEqual([
      2, 3, 4, 5,
    ]);
  });

  it.each(['?limit=0', '?limit=1001', '?after=-1', '?after=x', '?from=1'])(
    'refuse %s',
    async (query) => {
      const reply = await fixture.get(`/v1/workflows/${id}/events${query}`);
      expect(reply.status).toBe(400);
    },
  );
});
