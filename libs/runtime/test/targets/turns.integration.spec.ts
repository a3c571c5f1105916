import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@lockstep/testing';
import { systemClock } from '../../src/execution/clock.js';
import type { Target } from '../../src/targets/target.js';
import { openTargets } from '../open-targets.js';
import { lead, Team } from '../team.js';
import { bankOf, clear, deferralsOf } from './bank.js';

let team: Team;
let bank: Target;

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(async () => {
  await clear(team);
  bank = bankOf();
});

describe('work that waits for a target', () => {
  it('is told to come back one after the other, however much it is', async () => {
    await opens();
    team.clock = { ...systemClock, random: () => 0 };
    team.on(lead.run, async (_, task) => ({
      text: await task.step('act', () => 'done', { target: bank }),
    }));
    const wfs = await Promise.all(Array.from({ length: 50 }, () => team.begin()));
    await team.work();
    const told = (await Promise.all(wfs.map((wf) => deferralsOf(team, wf)))).flat();
    const expected = await team.redis.zrange(
      `ls:{b:${bank.name}}:waiting`,
      ...(['0', '-1', 'WITHSCORES'] as const),
    );
    const times = expected.filter((_, at) => at % 2 === 1).map(Number);
    expect(told).toHaveLength(50);
    expect(times.map((time) => time - times[0]!)).toEqual(times.map((_, at) => at * 20));
  });

  /** Its failures open it. */
  async function opens(): Promise<void> {
    const { targets } = team.store;
    for (const permit of ['p1', 'p2']) {
      await targets.admit(bank.name, bank.limits, { permit, who: permit, leaseMs: 1000 });
      await targets.report(bank.name, bank.limits, permit, 'failed', 1);
    }
  }
});

describe('the limit of what goes on at a target', () => {
  it('holds for all tasks together, and all of them come to their turn', async () => {
    bank = bankOf({ concurrency: 2 });
    let [now, most] = [0, 0];
    team.on(lead.run, async (_, task) => {
      const act = async (): Promise<string> => {
        most = Math.max(most, (now += 1));
        await new Promise((done) => setTimeout(done, 5));
        now -= 1;
        return 'done';
      };
      return { text: await task.step('act', act, { target: bank }) };
    });
    const wfs = await Promise.all(Array.from({ length: 12 }, () => team.begin()));
    await eventually(
      async () => {
        await team.work();
        return (await Promise.all(wfs.map((wf) => team.status(wf)))).every(
          (status) => status === 'completed',
        );
      },
      { what: 'all have completed' },
    );
    expect(most).toBe(2);
  });
});

describe('the share of a process that a target may take', () => {
  it('leaves places to others: who finds none waits suspended, and is done in turn', async () => {
    team.targets = openTargets(team.store, 2);
    const { promise: open, resolve: opened } = Promise.withResolvers<undefined>();
    team.on(lead.run, async ({ n }, task) => {
      const act = async (): Promise<string> => (await open, `${n}`);
      return { text: await task.step('act', act, n === 3 ? {} : { target: bank }) };
    });
    const [first, second] = [await team.begin(1), await team.begin(2)];
    const working = team.work();
    await eventually(
      async () =>
        (await deferralsOf(team, second)).length + (await deferralsOf(team, first)).length > 0,
      {
        what: 'one of them has found no place',
      },
    );
    const busy = (await deferralsOf(team, first)).length > 0 ? first : second;
    expect(await deferralsOf(team, busy)).toMatchObject([{ reason: 'busy' }]);
    expect(await team.eventsOf(busy, 'TaskSuspended')).toHaveLength(1);
    opened(undefined);
    await working;
    await team.laterOn();
    expect([await team.status(first), await team.status(second)]).toEqual([
      'completed',
      'completed',
    ]);
  });
});

describe('a short wait for a target', () => {
  it('is made inside the share of it: who waits in its place takes one that others could have', async () => {
    team.targets = openTargets(team.store, 2);
    bank = bankOf({ rate: { perSecond: 2, burst: 1 } });
    const ask = { permit: 'p', who: 'w', leaseMs: 1000 };
    await team.store.targets.admit(bank.name, bank.limits, ask);
    team.on(lead.run, async (_, task) => ({
      text: await task.step('act', () => 'done', { target: bank }),
    }));
    const wfs = [await team.begin(), await team.begin()];
    await team.work();
    const reasons = (await Promise.all(wfs.map((wf) => deferralsOf(team, wf))))
      .flat()
      .map(({ reason }) => reason);
    expect(reasons[0]).toBe('busy');
    expect(await Promise.all(wfs.map((wf) => team.status(wf)))).toContain('completed');
  });
});
