import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewEvent, TaskId } from '@lockstep/kernel';
import { eventually } from '@lockstep/testing';
import { helper, lead, Team } from './team.js';

let team: Team;

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(() => {
  team.handlers.clear();
});

describe('a failed step', () => {
  it('is tried again by policy, and its failures survive', async () => {
    let tries = 0;
    team.on(lead.run, async (_, task) => {
      const text = await task.step(
        'flaky',
        () => {
          tries += 1;
          if (tries < 3) throw new Error(`busy ${tries}`);
          return 'at last';
        },
        { retry: { baseMs: 1 } },
      );
      return { text };
    });
    const wf = await team.begin();
    await team.work();
    expect(await team.typesOf(wf, 'Step')).toEqual(['StepFailed', 'StepFailed', 'StepCompleted']);
    expect(await team.status(wf)).toBe('completed');
  });

  it('waits long by a durable timer, and holds no worker', async () => {
    let tries = 0;
    team.clock = { ...team.clock, random: () => 0.999 };
    team.on(lead.run, async (_, task) => {
      const text = await task.step(
        'slow',
        () => {
          tries += 1;
          if (tries === 1) throw new Error('busy');
          return 'at last';
        },
        { retry: { baseMs: 2500, capMs: 2500 } },
      );
      return { text };
    });
    const wf = await team.begin();
    await team.work();
    expect(await team.eventsOf(wf, 'TaskSuspended')).toHaveLength(1);
    await team.redis.zadd(team.store.partitions.timers(0), 'XX', 0, `${wf} r 1`);
    await team.work();
    expect(tries).toBe(2);
    expect(await team.status(wf)).toBe('completed');
  });
});

describe('a person', () => {
  it('runs a failed task again, from the step that failed, and its caller goes on', async () => {
    let broken = true;
    const ran: string[] = [];
    team.on(lead.run, async ({ n }, task) => {
      await task.step('before', () => ran.push('before'));
      const result = await task.call(helper.double, { n });
      return { text: String(result.n) };
    });
    team.on(helper.double, async ({ n }, task) => {
      await task.step('first', () => ran.push('first'));
      return task.step(
        'second',
        () => {
          ran.push('second');
          if (broken) throw new Error('broken');
          return { n: 2 * n };
        },
        { retry: { attempts: 1 } },
      );
    });
    const wf = await team.begin(4);
    await team.work();
    expect(await team.status(wf)).toBe('parked');

    broken = false;
    const events = await team.log.all(wf);
    const failedAt = (task: string): number =>
      events.find((event) => event.type === 'TaskFailed' && event.task === task)!.version - 1;
    const reopened = (task: string, keepUpTo: number): NewEvent => ({
      ...{ type: 'TaskReopened', task: task as TaskId, op: 0, data: '' },
      meta: { keepUpTo, by: 'ann' },
    });
    const decisions = [reopened('r.2', failedAt('r.2')), reopened('r', failedAt('r.2'))];
    expect(await team.store.resume(wf, 'again', events.length, decisions)).toMatchObject({
      reply: 'ok',
    });
    await team.work();
    expect(ran).toEqual(['before', 'first', 'second', 'second']);
    expect(await team.answer(wf)).toBe('{"text":"8"}');
    expect(await team.redis.xlen(team.store.partitions.dead(0, 'helper'))).toBe(0);
  });
});

describe('a worker whose appends the store has forgotten', () => {
  it('S11: lets go of its task, which begins where the store has it', async () => {
    const ran: string[] = [];
    let rewind = (): Promise<void> => Promise.resolve();
    team.on(lead.run, async (_, task) => {
      await task.step('a', () => ran.push('a'));
      await task.step('b', async () => {
        ran.push('b');
        await rewind();
      });
      await task.step('c', () => ran.push('c'));
      return { text: 'done' };
    });
    const wf = await team.begin();
    const [claimed] = await team.take('lead');
    const claimedOnly = await team.story(wf);
    rewind = await team.rewinder();
    let over = false;
    void team.run(claimed!).then(() => (over = true));
    await eventually(() => over, { what: 'the worker lets go' });
    expect(ran).toEqual(['a', 'b']);
    expect(await team.story(wf)).toEqual(claimedOnly);
    rewind = () => Promise.resolve();
    await team.reap();
    await team.work();
    expect(ran).toEqual(['a', 'b', 'a', 'b', 'c']);
    expect(await team.status(wf)).toBe('completed');
  });
});

describe('changed code', () => {
  it('G8: takes the old way in old histories and the new way in new ones', async () => {
    let version = 1;
    team.on(lead.run, async (_, task) => {
      const way: string[] = [];
      if (version === 2 && (await task.patched('greet'))) {
        way.push(await task.step('greet', () => 'greeted'));
      }
      way.push(await task.step('old', () => 'old'));
      await task.call(helper.double, { n: 1 });
      return { text: way.join(' ') };
    });
    team.on(helper.double, ({ n }) => Promise.resolve({ n }));
    const old = await team.begin();
    await team.run((await team.take('lead'))[0]!);
    version = 2;
    const fresh = await team.begin();
    await team.work();
    expect(await team.answer(old)).toBe('{"text":"old"}');
    expect(await team.answer(fresh)).toBe('{"text":"greeted old"}');
  });
});
