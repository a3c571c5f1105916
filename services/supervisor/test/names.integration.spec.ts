import { describe, expect, it, jest } from '@jest/globals';
import { NameSearch, type NamedKey } from '@lockstep/store';
import { Stage } from './stage.js';

jest.setTimeout(60_000);

const namesOf = (keys: readonly NamedKey[]): string[] => keys.map(({ name }) => name).sort();

/** Goes on until every key was looked at; answers how many pages that took. */
async function searched(search: NameSearch): Promise<number> {
  for (let pages = 1; ; pages += 1) if ((await search.step()) > 1000) return pages;
}

describe('the search for names', () => {
  it('finds inboxes, dead letters and lists among all keys, a page at a time', async () => {
    await using stage = await Stage.open();
    const { partitions, redis } = stage;
    const others = Array.from({ length: 5000 }, (_, n) => [partitions.log(`wf-${n}`), 'x']).flat();
    await redis.mset(...others);
    await redis.mset(partitions.inbox(1, 'clerk@1'), 'x', partitions.inbox(2, 'clerk@1'), 'x');
    await redis.mset(partitions.list(1, 'acme', undefined, 'parked'), 'x');
    await redis.mset(partitions.list(1, 'acme', 'job', 'parked'), 'x');
    await redis.mset(partitions.list(1, 'acme'), 'x', partitions.lease(1, 'projector'), 'x');
    const search = new NameSearch(redis, partitions);
    expect(search.names).toBeNull();
    expect(await searched(search)).toBeGreaterThan(1);
    const { inboxes, dead, lists } = search.names!;
    expect(namesOf(inboxes)).toEqual(['clerk@1', 'clerk@1']);
    expect(inboxes.map(({ partition }) => partition).sort()).toEqual([1, 2]);
    expect([namesOf(dead), namesOf(lists)]).toEqual([[], ['acme:*:parked']]);
  });

  it('forgets what is gone with the next search', async () => {
    await using stage = await Stage.open();
    const inbox = stage.partitions.inbox(0, 'clerk@1');
    await stage.redis.set(inbox, 'x');
    const search = new NameSearch(stage.redis, stage.partitions);
    await searched(search);
    await stage.redis.del(inbox);
    await searched(search);
    expect(search.names?.inboxes).toEqual([]);
  });
});
