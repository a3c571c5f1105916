import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { helper, lead, Team } from './team.js';

let team: Team;

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());

describe('a suspended task', () => {
  it('holds no worker: ten thousand workflows sleep at once in one process', async () => {
    const sleepers = 10_000;
    team.on(lead.run, async (_, task) => {
      await task.sleep('30d');
      return { text: 'rested' };
    });
    const before = process.memoryUsage().rss;
    for (let begun = 0; begun < sleepers; begun += 500) {
      await Promise.all(Array.from({ length: 500 }, () => team.begin()));
      await team.work();
    }
    const grownMb = (process.memoryUsage().rss - before) / 2 ** 20;
    expect(await team.redis.zcard(team.store.partitions.timers(0))).toBe(sleepers);
    expect(await team.redis.scard(team.store.partitions.held(0, team.worker))).toBe(0);
    console.info(`${sleepers} workflows asleep; the process grew by ${grownMb.toFixed(0)} MB`);
    expect(grownMb).toBeLessThan(512);
  }, 60_000);

  it('that waits for a fan-out of a thousand is woken once', async () => {
    team.claims.length = 0;
    team.on(lead.run, async (_, task) => {
      const calls = Array.from({ length: 1000 }, (_unused, n) => task.call(helper.double, { n }));
      const results = await task.all(calls);
      return { text: String(results.reduce((sum, { n }) => sum + n, 0)) };
    });
    team.on(helper.double, ({ n }) => Promise.resolve({ n: 2 * n }));
    const wf = await team.begin();
    await team.work();
    expect(await team.answer(wf)).toBe('{"text":"999000"}');
    expect(team.claims.filter((claim) => claim.startsWith('r@'))).toEqual(['r@1', 'r@2']);
  }, 60_000);
});
