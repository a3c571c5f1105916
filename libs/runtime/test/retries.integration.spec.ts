import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_RETRY, NotPerformed, type RetryPolicy, type WorkflowId } from '@lockstep/kernel';
import { librarySource, PARTITION_KEYS } from '@lockstep/store';
import { randomFrom } from '@lockstep/testing';
import type { TaskContext } from '../src/context/task-context.js';
import { effect } from '../src/effects/definition.js';
import { type Clock, systemClock } from '../src/execution/clock.js';
import { lead, Team } from './team.js';

let team: Team;

beforeAll(async () => {
  team = await Team.start();
  await team.redis.call('FUNCTION', 'LOAD', 'REPLACE', librarySource({ testClock: true }));
});
afterAll(() => team.stop());
beforeEach(() => {
  team.handlers.clear();
});

/** Keeps no wait, but tells of it. What its machine takes for the time is wrong, and another each time. */
const hurried = (random: () => number, waited: number[] = []): Clock => ({
  ...systemClock,
  random,
  wallMs: () => Math.random() * 1e12,
  delay: (ms, signal) => {
    waited.push(ms);
    return systemClock.delay(0, signal);
  },
});

describe('the waits between the attempts of a thousand steps', () => {
  const STEPS = 1000;
  const POLICY: RetryPolicy = { ...DEFAULT_RETRY, baseMs: 400, capMs: 1500 };
  const CEILINGS = [400, 800, 1500];
  /** An even sample is further from even once in a thousand times; this one is the same in each run. */
  const FAR = 1.95 / Math.sqrt(STEPS);
  const waited: number[] = [];
  /** As they are in the log, by attempt. */
  let waits: readonly (readonly number[])[];

  beforeAll(async () => {
    team.clock = hurried(randomFrom(62), waited);
    team.on(lead.run, async (_, task) => {
      const busy = (): Promise<string> => Promise.reject(new Error('busy'));
      const steps = Array.from({ length: STEPS }, (_unused, at) =>
        task.step(`step-${at}`, busy, { retry: POLICY }).catch(() => 'failed'),
      );
      const [text = ''] = await Promise.all(steps);
      return { text };
    });
    const wf = await team.begin();
    await team.work();
    const failures = await team.eventsOf(wf, 'StepFailed');
    waits = CEILINGS.map((_ceiling, at) =>
      failures.flatMap(({ meta }) => (meta.attempt === at + 1 ? (meta.retryInMs ?? []) : [])),
    );
  });

  it.each(CEILINGS.map((ceilingMs, at) => [at + 1, ceilingMs] as const))(
    'are spread evenly after attempt %p, from nothing to %p ms',
    (attempt, ceilingMs) => {
      const shares = waits[attempt - 1]!.map((waitMs) => waitMs / ceilingMs);
      expect(shares).toHaveLength(STEPS);
      expect(distanceFromEven(shares)).toBeLessThan(FAR);
    },
  );

  it('are kept as they are recorded', () => {
    expect(waited.sort(ascending)).toEqual(waits.flat().sort(ascending));
  });
});

describe('the total time of a policy', () => {
  const POLICY: RetryPolicy = { ...DEFAULT_RETRY, attempts: 10, baseMs: 0, totalMs: 1000 };
  /** What the store's clock says while each attempt fails, counted from the first; unit ms. */
  const FAILS_AT_MS = [0, 600, 1000, 1001, 1002];
  const BEGAN_MS = 1_700_000_000_000;
  let attempts: number;

  const setClock = async (ms: number): Promise<void> => {
    const { test_clock } = PARTITION_KEYS;
    await team.redis.set(team.store.partitions.feed(0).replace(/feed$/, test_clock), BEGAN_MS + ms);
  };

  async function attempt(error: Error): Promise<never> {
    await setClock(FAILS_AT_MS[attempts]!);
    attempts += 1;
    throw error;
  }

  beforeEach(async () => {
    attempts = 0;
    team.clock = hurried(() => 0);
    await setClock(-1_000_000); // when it was asked for, and how long it waited, does not count
  });

  async function running(
    handle: (task: TaskContext) => Promise<string>,
    retry?: RetryPolicy,
  ): Promise<WorkflowId> {
    team.on(lead.run, async (_, task) => ({ text: await handle(task) }), {
      ...(retry && { retry }),
    });
    const wf = await team.begin();
    await team.work();
    return wf;
  }

  const ofStep = (task: TaskContext): Promise<string> =>
    task.step('busy', () => attempt(new Error('busy')), { retry: POLICY });

  it('bounds the attempts of a step by the store’s clock, whatever its worker’s clock says', async () => {
    const wf = await running(ofStep);
    expect(attempts).toBe(4);
    expect((await team.eventsOf(wf, 'StepFailed')).at(-1)?.meta.retryInMs).toBeNull();
  });

  it('bounds those of an effect', async () => {
    const busy = new NotPerformed('busy');
    const pay = effect<null, string>('pay', { perform: () => attempt(busy), retry: POLICY });
    team.clock = { ...hurried(() => 0), wallMs: () => 0 }; // its window is by the worker's clocks
    const wf = await running((task) => task.effect(pay, { key: 'total', input: null }));
    expect(attempts).toBe(4);
    expect(await team.eventsOf(wf, 'EffectIntended')).toHaveLength(4);
  });

  it('bounds those of a task', async () => {
    const wf = await running(() => attempt(new Error('busy')), POLICY);
    expect(attempts).toBe(4);
    expect(await team.eventsOf(wf, 'AttemptFailed')).toHaveLength(3);
    expect(await team.eventsOf(wf, 'TaskFailed')).toHaveLength(1);
  });

  it('goes on in the process that takes over', async () => {
    let kill = true;
    const wf = await running((task) =>
      task.step(
        'busy',
        () => {
          if (attempts === 2 && kill) {
            kill = false;
            team.kill();
          }
          return attempt(new Error('busy'));
        },
        { retry: POLICY },
      ),
    );
    await team.reap();
    attempts = 2; // the killed one failed for nobody
    await team.work();
    expect(await team.eventsOf(wf, 'StepFailed')).toHaveLength(4);
  });
});

describe('an error with a retryAfterMs', () => {
  it('has its step wait as long, by a durable timer', async () => {
    team.clock = hurried(() => 0);
    let isBusy = true;
    const retryAfterMs = 7000;
    team.on(lead.run, async (_, task) => {
      const text = await task.step('asks', () => {
        if (isBusy) throw Object.assign(new Error('429'), { retryAfterMs });
        return 'done';
      });
      return { text };
    });
    const wf = await team.begin();
    await team.work();
    const [failed] = await team.eventsOf(wf, 'StepFailed');
    expect(failed?.meta).toMatchObject({ retryInMs: retryAfterMs, timer: true });
    isBusy = false;
    await team.redis.zadd(team.store.partitions.timers(0), 'XX', 0, `${wf} r 1`);
    await team.work();
    expect(await team.status(wf)).toBe('completed');
  });
});

const ascending = (a: number, b: number): number => a - b;

/** The largest distance between how a sample is spread and how it would be evenly over [0, 1) (Kolmogorov–Smirnov). */
function distanceFromEven(sample: readonly number[]): number {
  const steps = [...sample].sort(ascending).map((value, at) => {
    const [below, upTo] = [at / sample.length, (at + 1) / sample.length];
    return Math.max(Math.abs(value - below), Math.abs(value - upTo));
  });
  return Math.max(...steps);
}
