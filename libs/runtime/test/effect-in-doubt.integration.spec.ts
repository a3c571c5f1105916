import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  NotPerformed,
  type NewEvent,
  type RecordedEvent,
  type TaskId,
  type WorkflowId,
} from '@lockstep/kernel';
import { effect } from '../src/effects/definition.js';
import type { EffectSpec } from '../src/effects/spec.js';
import { ShuttingDown } from '../src/worker/claimed-task.js';
import { lead, Team } from './team.js';

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

const world = (): World => ({ done: [], answers: 'yes' });

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
        if (kill) team.kill();
        kill = false;
        return Promise.resolve(`receipt ${key}`);
      },
    });
    team.on(lead.run, async (_request, task) => ({
      text: await task.effect(pay, { key: `k-${String(acts)}`, input: 7 }),
    }));
    const wf = await team.begin();
    await team.work();
    await team.reap();
    await team.work();
    expect(outside.done).toEqual([`k-${String(acts)}:7`]);
    expect(await team.typesOf(wf, 'Effect')).toEqual(story);
    expect(await team.status(wf)).toBe('completed');
  });

  it('G5: the probe cannot say: the task is parked, and a person settles it', async () => {
    const outside = { ...world(), answers: 'unknown' as World['answers'] };
    let kill = true;
    const pay = payIn(outside, {
      perform: (_, { key }) => {
        if (kill) team.kill();
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
    await team.reap();
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
    expect(await team.answer(wf)).toBe('{"text":"found by hand"}');
    expect(await team.status(wf)).toBe('completed');
  });

  it('E3: is repeated under its key where the provider deduplicates, until it answers', async () => {
    const asked: string[] = [];
    const pay = effect<number, string>('pay', {
      ...{ window: 300, timeout: 50, deduplicates: true },
      perform: (amount, { key }) => {
        asked.push(`${key}:${amount}`);
        if (asked.length === 1) team.kill();
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
    await team.reap();
    await team.work();
    expect(asked).toEqual(Array.from({ length: 3 }, () => 'deduplicated:7'));
    expect(await team.typesOf(wf, 'Effect')).toEqual(['EffectIntended', 'EffectCommitted']);
    expect(await team.status(wf)).toBe('completed');
  });

  /** It paid, was killed before it could say so, and its workflow was cancelled since. */
  async function cancelledInside(key: string): Promise<{ wf: WorkflowId; outside: World }> {
    const outside = world();
    const pay = payIn(outside, {
      perform: (amount, { key: paid }) => {
        outside.done.push(`${paid}:${amount}`);
        team.kill();
        return Promise.resolve('lost');
      },
    });
    team.on(lead.run, async (_request, task) => {
      const text = await task.effect(pay, { key, input: 7 });
      await task.step('never', () => outside.done.push('went on'));
      return { text };
    });
    const wf = await team.begin();
    await team.work();
    await team.cancel(wf);
    expect(await team.status(wf)).toBe('cancelling');
    return { wf, outside };
  }

  it('G5: cancelled meanwhile, the effect is settled, and stands as it was decided', async () => {
    const { wf, outside } = await cancelledInside('cancelled');
    await team.work();
    expect(outside.done).toEqual(['cancelled:7']);
    expect(await team.typesOf(wf, 'Effect')).toEqual(['EffectIntended', 'EffectCommitted']);
    expect(await team.status(wf)).toBe('cancelled');
  });

  it('G5: cancelled meanwhile, and claimed by a process that ends, it is left to the next', async () => {
    const { wf } = await cancelledInside('ending');
    const [claimed] = await team.take('lead');
    team.held.get('r')!.abort(new ShuttingDown('SIGTERM'));
    await team.run(claimed!);
    expect(await team.status(wf)).toBe('cancelling');
    await team.work();
    expect(await team.typesOf(wf, 'Effect')).toEqual(['EffectIntended', 'EffectCommitted']);
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
    expect(await team.typesOf(wf, 'Effect')).toEqual(
      expect.arrayContaining(['EffectCommitted', 'EffectAdopted']),
    );
    expect(await team.answer(wf)).toBe('{"text":"same"}');
  });
});
