import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  NotPerformed,
  type NewEvent,
  type RecordedEvent,
  type TaskId,
  type WorkflowId,
} from '@lockstep/kernel';
import { eventually } from '@lockstep/testing';
import { effect } from '../src/effects/definition.js';
import type { EffectSpec } from '../src/effects/spec.js';
import { ClaimLost, ShuttingDown } from '../src/worker/claimed-task.js';
import { helper, lead, Team } from './team.js';

let team: Team;

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(() => {
  team.handlers.clear();
  team.claims.length = 0;
});

interface World {
  readonly done: string[];
  answers: 'yes' | 'no' | 'unknown';
}

const killed = (task = 'r'): void => {
  team.held.get(task)!.abort(new ClaimLost('killed'));
};

/** Takes back what a killed worker held, as the supervisor does. */
async function reap(): Promise<void> {
  await team.store.reap(0, 100, [team.worker]);
  await team.store.heartbeat(0, team.worker, 2, 60_000, []);
}

function payIn(world: World, spec: Partial<EffectSpec<number, string>> = {}) {
  return effect<number, string>('pay', {
    window: 300,
    timeout: 50,
    perform: (amount, { key }) => {
      world.done.push(`${key}:${amount}`);
      return Promise.resolve(`receipt ${key}`);
    },
    probe: (_, { key }) => {
      if (world.answers === 'unknown') return Promise.resolve('unknown');
      const happened = world.done.some((done) => done.startsWith(`${key}:`));
      return Promise.resolve(
        happened ? { happened, receipt: `receipt ${key}` } : { happened: false },
      );
    },
    retry: { baseMs: 1 },
    ...spec,
  });
}

const world = (): World => ({ done: [], answers: 'yes' });

async function storyOf(wf: WorkflowId, prefix: string): Promise<string[]> {
  const events = await team.log.all(wf);
  return events.filter(({ type }) => type.startsWith(prefix)).map(({ type }) => type);
}

describe('a worker that is killed inside an effect', () => {
  it.each([
    [
      'before it acted',
      false,
      ['EffectIntended', 'EffectNotPerformed', 'EffectIntended', 'EffectCommitted'],
    ],
    ['after it acted', true, ['EffectIntended', 'EffectCommitted']],
  ])('G5: %s leaves it in doubt, and the outside world settles it', async (_, acts, story) => {
    const outside = world();
    let kill = true;
    const pay = payIn(outside, {
      perform: async (amount, { key }) => {
        if (acts || !kill) outside.done.push(`${key}:${amount}`);
        if (kill) killed();
        kill = false;
        return Promise.resolve(`receipt ${key}`);
      },
    });
    team.on(lead.run, async (_request, task) => ({
      text: await task.effect(pay, { key: `k-${String(acts)}`, input: 7 }),
    }));
    const wf = await team.begin();
    await team.work();
    await reap();
    await team.work();
    expect(outside.done).toEqual([`k-${String(acts)}:7`]);
    expect(await storyOf(wf, 'Effect')).toEqual(story);
    expect(await team.status(wf)).toBe('completed');
  });

  it('G5: the probe cannot say: the task is parked, and a person settles it', async () => {
    const outside = { ...world(), answers: 'unknown' as World['answers'] };
    let kill = true;
    const pay = payIn(outside, {
      perform: (_, { key }) => {
        if (kill) killed();
        kill = false;
        outside.done.push(key);
        return Promise.resolve('never told');
      },
    });
    team.clock = { ...team.clock, random: () => 0 };
    team.on(lead.run, async (_request, task) => ({
      text: await task.effect(pay, { key: 'doubtful', input: 7 }),
    }));
    const wf = await team.begin();
    await team.work();
    await reap();
    await team.work();
    expect(await team.status(wf)).toBe('parked');
    const parked = (await team.log.all(wf)).at(-1) as RecordedEvent<'TaskParked'>;
    expect(parked.meta).toMatchObject({ reason: 'EffectInDoubt', op: 1 });

    const settled: NewEvent = {
      ...{ type: 'EffectSettled', task: 'r' as TaskId, op: 1, data: '"found by hand"' },
      meta: { verdict: 'happened', by: 'ann' },
    };
    await team.store.resume(wf, 'cmd', parked.version, [settled]);
    await team.work();
    expect(outside.done).toEqual(['doubtful']);
    expect((await team.log.all(wf)).at(-2)?.data).toBe('{"text":"found by hand"}');
    expect(await team.status(wf)).toBe('completed');
  });

  it('E3: is repeated under its key where the provider deduplicates, until it answers', async () => {
    const asked: string[] = [];
    const pay = effect<number, string>('pay', {
      ...{ window: 300, timeout: 50, deduplicates: true },
      perform: (amount, { key }) => {
        asked.push(`${key}:${amount}`);
        if (asked.length === 1) killed();
        // It says nothing of the first request that the second was not performed.
        if (asked.length === 2) return Promise.reject(new NotPerformed('busy'));
        return Promise.resolve(`receipt ${key}`);
      },
    });
    team.on(lead.run, async (_request, task) => ({
      text: await task.effect(pay, { key: 'deduplicated', input: 7 }),
    }));
    const wf = await team.begin();
    await team.work();
    await reap();
    await team.work();
    expect(asked).toEqual(Array.from({ length: 3 }, () => 'deduplicated:7'));
    expect(await storyOf(wf, 'Effect')).toEqual(['EffectIntended', 'EffectCommitted']);
    expect(await team.status(wf)).toBe('completed');
  });

  it('G5: cancelled meanwhile, the effect is settled, and stands as it was decided', async () => {
    const outside = world();
    const pay = payIn(outside, {
      perform: (amount, { key }) => {
        outside.done.push(`${key}:${amount}`);
        killed();
        return Promise.resolve('lost');
      },
    });
    team.on(lead.run, async (_request, task) => {
      const text = await task.effect(pay, { key: 'cancelled', input: 7 });
      await task.step('never', () => outside.done.push('went on'));
      return { text };
    });
    const wf = await team.begin();
    await team.work();
    await team.store.cancel({
      wf,
      commandId: 'c1',
      reason: 'changed my mind',
      by: 'ann',
      rollback: false,
    });
    expect(await team.status(wf)).toBe('cancelling');
    await team.work();
    expect(outside.done).toEqual(['cancelled:7']);
    expect(await storyOf(wf, 'Effect')).toEqual(['EffectIntended', 'EffectCommitted']);
    expect(await team.status(wf)).toBe('cancelled');
  });

  it('G5: cancelled meanwhile, and claimed by a process that ends, it is left to the next', async () => {
    const outside = world();
    const pay = payIn(outside, {
      perform: (amount, { key }) => {
        outside.done.push(`${key}:${amount}`);
        killed();
        return Promise.resolve('lost');
      },
    });
    team.on(lead.run, async (_request, task) => ({
      text: await task.effect(pay, { key: 'ending', input: 7 }),
    }));
    const wf = await team.begin();
    await team.work();
    const why = { reason: 'changed my mind', by: 'ann', rollback: false };
    await team.store.cancel({ wf, commandId: 'c1', ...why });
    const [claimed] = await team.take('lead');
    team.held.get('r')!.abort(new ShuttingDown('SIGTERM'));
    await team.run(claimed!);
    expect(await team.status(wf)).toBe('cancelling');
    await team.work();
    expect(await storyOf(wf, 'Effect')).toEqual(['EffectIntended', 'EffectCommitted']);
    expect(await team.status(wf)).toBe('cancelled');
  });
});

describe('one effect key', () => {
  it('G5: is done once for two uses in one task', async () => {
    const outside = world();
    const pay = payIn(outside);
    team.on(lead.run, async (_, task) => {
      const use = { key: 'twice', input: 1 };
      const [a, b] = await task.all([task.effect(pay, use), task.effect(pay, use)]);
      return { text: a === b ? 'same' : 'different' };
    });
    const wf = await team.begin();
    await team.work();
    expect(outside.done).toEqual(['twice:1']);
    expect(await storyOf(wf, 'Effect')).toEqual(
      expect.arrayContaining(['EffectCommitted', 'EffectAdopted']),
    );
    expect((await team.log.all(wf)).at(-2)?.data).toBe('{"text":"same"}');
  });
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
    expect(await storyOf(wf, 'Step')).toEqual(['StepFailed', 'StepFailed', 'StepCompleted']);
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
    expect(await storyOf(wf, 'TaskSuspended')).toEqual(['TaskSuspended']);
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
    expect((await team.log.all(wf)).at(-2)?.data).toBe('{"text":"8"}');
    expect(await team.redis.xlen(team.store.partitions.dead(0, 'helper'))).toBe(0);
  });
});

describe('a clean shutdown', () => {
  it('hands a task back after what is in flight has come to its end', async () => {
    const outside = world();
    const pay = payIn(outside, {
      timeout: 5000,
      perform: async (amount, { key }) => {
        team.held.get('r')!.abort(new ShuttingDown('SIGTERM'));
        await new Promise((resolve) => setTimeout(resolve, 20));
        outside.done.push(`${key}:${amount}`);
        return `receipt ${key}`;
      },
    });
    let next = 0;
    team.on(lead.run, async (_, task) => {
      const text = await task.effect(pay, { key: 'shutdown', input: 1 });
      await task.step('next', () => (next += 1));
      return { text };
    });
    const wf = await team.begin();
    const [claimed] = await team.take('lead');
    await team.run(claimed!);
    expect(await team.story(wf)).toEqual(
      expect.arrayContaining(['EffectCommitted r 1', 'TaskReleased r']),
    );
    expect(next).toBe(0);
    await team.work();
    expect(outside.done).toEqual(['shutdown:1']);
    expect(await team.status(wf)).toBe('completed');
  });
});

describe('a shutdown that a step outlasts', () => {
  it('stops the step and hands its task back all the same', async () => {
    team.graceMs = 20;
    let stopped = 0;
    let first = true;
    team.on(lead.run, async (_, task) => {
      const text = await task.step('long', async ({ signal }) => {
        if (!first) return 'done at last';
        first = false;
        team.held.get('r')!.abort(new ShuttingDown('SIGTERM'));
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        stopped += 1;
        return 'too late';
      });
      return { text };
    });
    const wf = await team.begin();
    const [claimed] = await team.take('lead');
    await team.run(claimed!);
    expect(stopped).toBe(1);
    expect(await storyOf(wf, 'TaskReleased')).toEqual(['TaskReleased']);
    await team.work();
    expect((await team.log.all(wf)).at(-2)?.data).toBe('{"text":"done at last"}');
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
    await reap();
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
    expect((await team.log.all(old)).at(-2)?.data).toBe('{"text":"old"}');
    expect((await team.log.all(fresh)).at(-2)?.data).toBe('{"text":"greeted old"}');
  });
});
