import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  DEFAULT_RETRY,
  NotPerformed,
  Rejected,
  type RetryPolicy,
  type WorkflowId,
} from '@lockstep/kernel';
import type { TaskContext } from '../src/context/task-context.js';
import { effect } from '../src/effects/definition.js';
import { systemClock } from '../src/execution/clock.js';
import { helper, lead, type Numbered, Team, type Text } from './team.js';

let team: Team;
/** What the handler did outside of its history, in order. */
let ran: string[];

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(() => {
  ran = [];
  team.handlers.clear();
  team.claims.length = 0;
  team.clock = { ...systemClock, random: () => 0 };
});

const THREE: RetryPolicy = { ...DEFAULT_RETRY, attempts: 3 };

/** Has a workflow's root run by this handler, three times at most, to its end. */
async function running(
  handle: (task: TaskContext) => Promise<string>,
  retry: RetryPolicy | undefined = THREE,
): Promise<WorkflowId> {
  team.on(lead.run, async (_, task) => ({ text: await handle(task) }), { retry });
  const wf = await team.begin();
  await toRest(wf);
  return wf;
}

/** Works until nothing more is due; what a task waits for between its attempts is made due. */
async function toRest(wf: WorkflowId): Promise<void> {
  const timer = `${wf} r 0`;
  const timers = team.store.partitions.timers(0);
  do {
    await team.redis.zadd(timers, 'XX', 0, timer);
    await team.work();
  } while ((await team.redis.zscore(timers, timer)) !== null);
}

const attemptsOf = async (wf: WorkflowId): Promise<unknown[]> =>
  (await team.eventsOf(wf, 'AttemptFailed')).map(({ meta }) => [meta.attempt, meta.op ?? null]);

const failing = (times: number, name: string): (() => string) => {
  let left = times;
  return () => {
    ran.push(name);
    left -= 1;
    if (left >= 0) throw new Error(`${name} is busy`);
    return name;
  };
};

describe('a task with a retry policy', () => {
  it('G4: whose handler fails is run again after a durable wait, and repeats nothing recorded', async () => {
    const busy = failing(1, 'handler');
    const wf = await running(async (task) => {
      await task.step('before', () => ran.push('before'));
      return busy();
    });
    expect(ran).toEqual(['before', 'handler', 'handler']);
    expect(await team.story(wf)).toEqual([
      'WorkflowStarted',
      'TaskScheduled r',
      'TaskStarted r',
      'StepCompleted r 1',
      'AttemptFailed r',
      'TaskSuspended r',
      'TimerFired r',
      'TaskStarted r',
      'TaskCompleted r',
      'WorkflowCompleted',
    ]);
    const [suspended] = await team.eventsOf(wf, 'TaskSuspended');
    expect(suspended?.meta.waits).toEqual({ any: [0], all: [], signals: [] });
  });

  it('waits as its policy says, between nothing and a ceiling that doubles', async () => {
    team.clock = { ...team.clock, random: () => 0.5 };
    const wf = await running(() => Promise.reject(new Error('busy')), {
      ...THREE,
      ...{ attempts: 5, baseMs: 60_000, capMs: 200_000 },
    });
    const waits = (await team.eventsOf(wf, 'AttemptFailed')).map(({ meta }) => meta.retryInMs);
    expect(waits).toEqual([30_000, 60_000, 100_000, 100_000]);
  });

  it('fails for good when its attempts are used up, with the last error', async () => {
    const wf = await running(() => Promise.reject(new Error('always')));
    expect(await attemptsOf(wf)).toEqual([
      [1, null],
      [2, null],
    ]);
    const [failed] = await team.eventsOf(wf, 'TaskFailed');
    expect(failed?.meta.error[0]?.message).toBe('always');
  });

  it('has a step that failed tried once more for each attempt: the attempts of both add up', async () => {
    const busy = failing(9, 'step');
    const wf = await running((task) =>
      task.step('busy', busy, { retry: { attempts: 2, baseMs: 1 } }),
    );
    expect(ran).toHaveLength(2 + 1 + 1);
    expect(await attemptsOf(wf)).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect((await team.eventsOf(wf, 'StepFailed')).map(({ meta }) => meta.attempt)).toEqual([
      1, 2, 3, 4,
    ]);
    expect(await team.eventsOf(wf, 'TaskFailed')).toHaveLength(1);
  });

  it('G4: goes on from a step that succeeds at last, and from what others had recorded meanwhile', async () => {
    const busy = failing(2, 'busy');
    const wf = await running(async (task) => {
      const [one, two] = await task.all([
        task.step('busy', busy, { retry: { attempts: 1 } }),
        task.step('good', () => (ran.push('good'), 'good')),
      ]);
      return `${one} ${two} ${await task.step('after', () => 'after')}`;
    });
    expect(ran.filter((name) => name === 'good')).toHaveLength(1);
    const [completed] = await team.eventsOf(wf, 'TaskCompleted');
    expect(completed?.data).toBe('{"text":"busy good after"}');
  });

  it('G5: has an effect that was not performed tried once more for each attempt', async () => {
    const act = failing(2, 'act');
    const pay = effect<null, string>('pay', {
      perform: async () => {
        try {
          return await Promise.resolve(act());
        } catch {
          throw new NotPerformed('busy');
        }
      },
      retry: { attempts: 1 },
    });
    const wf = await running((task) => task.effect(pay, { key: 'late', input: null }));
    expect(ran).toEqual(['act', 'act', 'act']);
    expect(await attemptsOf(wf)).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(await team.eventsOf(wf, 'EffectCommitted')).toHaveLength(1);
  });

  it('is tried again by the failure that its error was caused by', async () => {
    const busy = failing(1, 'busy');
    const wf = await running(async (task) => {
      try {
        return await task.step('busy', busy, { retry: { attempts: 1 } });
      } catch (cause) {
        throw new Error('could not be done', { cause });
      }
    });
    expect(await attemptsOf(wf)).toEqual([[1, 1]]);
    expect(await team.status(wf)).toBe('completed');
  });
});

describe('what is left of a handler that has failed', () => {
  /** A branch that is inside an effect when the other one fails, and would go on with a call. */
  async function branching(retry: RetryPolicy | undefined, times: number): Promise<WorkflowId> {
    const acting = Promise.withResolvers<undefined>();
    const failed = Promise.withResolvers<undefined>();
    const pay = effect<null, string>('pay', {
      perform: async () => {
        acting.resolve(undefined);
        await failed.promise;
        return 'paid';
      },
    });
    const busy = failing(times, 'busy');
    team.on(helper.double, ({ n }) => Promise.resolve({ n: 2 * n }));
    return running(async (task) => {
      task.cancellation.addEventListener('abort', () => {
        failed.resolve(undefined);
      });
      const branch = async (): Promise<string> => {
        const key = `branch of ${task.workflow.id}`;
        const receipt = await task.effect(pay, { key, input: null });
        return `${receipt} ${(await task.call(helper.double, { n: 4 })).n}`;
      };
      const step = async (): Promise<string> => {
        await acting.promise;
        return busy();
      };
      const [text] = await Promise.all([
        branch(),
        task.step('busy', step, { retry: { attempts: 1 } }),
      ]);
      return text;
    }, retry);
  }

  it('has its effect recorded and asks for nothing new: the next attempt finds the one and does the other', async () => {
    const wf = await branching(THREE, 1);
    const story = await team.story(wf);
    expect(story.indexOf('EffectCommitted r 1')).toBeLessThan(story.indexOf('AttemptFailed r'));
    expect(story.indexOf('TaskScheduled r.3')).toBeGreaterThan(story.indexOf('AttemptFailed r'));
    const completed = await team.eventsOf(wf, 'TaskCompleted');
    expect(completed.at(-1)?.data).toBe('{"text":"paid 8"}');
  });

  it('calls nobody when there is no other attempt', async () => {
    const wf = await branching({ ...THREE, attempts: 1 }, 1);
    expect(await team.eventsOf(wf, 'EffectCommitted')).toHaveLength(1);
    expect(await team.eventsOf(wf, 'TaskFailed')).toHaveLength(1);
    expect(await team.story(wf)).not.toContain('TaskScheduled r.3');
  });
});

describe('no attempt follows', () => {
  it('unless a policy asks for it', async () => {
    const wf = await running(() => Promise.reject(new Error('busy')), { ...THREE, attempts: 1 });
    expect(await attemptsOf(wf)).toEqual([]);
  });

  it('an error that is not transient, of the handler or of an operation', async () => {
    for (const handle of [
      () => Promise.reject(new Rejected('no')),
      (task: TaskContext) => task.step<string>('no', () => Promise.reject(new Rejected('no'))),
    ])
      expect(await attemptsOf(await running(handle))).toEqual([]);
  });

  it('a call that failed: its task has a policy of its own', async () => {
    team.on(helper.fail, () => Promise.reject(new Error('busy')), {
      retry: { ...THREE, attempts: 1 },
    });
    const wf = await running(async (task) => String((await task.call(helper.fail, { n: 1 })).n));
    expect(await attemptsOf(wf)).toEqual([]);
    expect(team.claims.filter((claim) => claim.startsWith('r.1'))).toEqual(['r.1@1']);
  });

  it('a failure that the handler has answered: what it did then cannot be taken back', async () => {
    const wf = await running(async (task) => {
      try {
        return await task.step('busy', failing(9, 'busy'), { retry: { attempts: 1 } });
      } catch (error) {
        await task.step('tell somebody', () => ran.push('told'));
        throw error;
      }
    });
    expect(await attemptsOf(wf)).toEqual([]);
    expect(ran).toEqual(['busy', 'told']);
  });
});

describe('a crash', () => {
  it('in a later attempt neither forgets nor repeats the earlier ones', async () => {
    let kill = true;
    const busy = failing(9, 'busy');
    const wf = await running((task) =>
      task.step(
        'busy',
        () => {
          if (ran.length === 1 && kill) {
            kill = false;
            team.kill();
          }
          return busy();
        },
        { retry: { attempts: 1 } },
      ),
    );
    await team.reap();
    await toRest(wf);
    expect(ran).toHaveLength(4); // the one that was killed was no attempt
    expect(await attemptsOf(wf)).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(await team.eventsOf(wf, 'TaskFailed')).toHaveLength(1);
  });

  it('before its task was released has it wait on for the same timer, with no attempt begun', async () => {
    team.clock = { ...team.clock, random: () => 0.5 };
    const append = team.store.append.bind(team.store);
    const spy = jest.spyOn(team.store, 'append').mockImplementation(async (asked) => {
      const reply = await append(asked);
      if (asked.items.some(({ event }) => event.type === 'AttemptFailed')) team.kill();
      return reply;
    });
    team.on(lead.run, meanwhileWoken, { retry: HOURLY });
    const wf = await team.begin();
    await team.work();
    spy.mockRestore();
    expect((await team.story(wf)).at(-1)).toBe('AttemptFailed r');
    await team.reap();
    await team.work();
    expect((await team.story(wf)).slice(-3)).toEqual([
      'LeaseExpired r',
      'TaskStarted r',
      'TaskSuspended r',
    ]);
    expect(ran).toEqual(['1']);
    await toRest(wf);
    expect(ran).toEqual(['1', '2']);
    expect(await team.status(wf)).toBe('completed');
  });
});

describe('a task that is woken while its attempt fails', () => {
  it('S8: has the attempt counted once, reads what came, and waits', async () => {
    team.clock = { ...team.clock, random: () => 0.5 };
    team.on(lead.run, meanwhileWoken, { retry: HOURLY });
    const wf = await team.begin();
    await team.work();
    expect((await team.story(wf)).slice(-3)).toEqual([
      'TaskCompleted r.1',
      'AttemptFailed r',
      'TaskSuspended r',
    ]);
    await toRest(wf);
    expect(ran).toEqual(['1', '2']);
    expect(await attemptsOf(wf)).toEqual([[1, null]]);
    expect(await team.status(wf)).toBe('completed');
  });
});

const HOURLY: RetryPolicy = { ...THREE, baseMs: 3_600_000, capMs: 3_600_000 };

/** Fails the first time, right after a task that it has called has ended. */
async function meanwhileWoken(_: Numbered, task: TaskContext): Promise<Text> {
  ran.push(String(ran.length + 1));
  team.on(helper.double, ({ n }) => Promise.resolve({ n: 2 * n }));
  const doubled = task.call(helper.double, { n: 21 });
  const isFirst = ran.length === 1;
  const held = task.step('held', ({ signal }) => (isFirst ? aborted(signal) : null));
  await task.step('recorded', () => 'with the call');
  if (!isFirst) return { text: String((await task.all([doubled, held]))[0].n) };
  for (const each of await team.take('helper')) await team.run(each);
  throw new Error('busy');
}

const aborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(null);
    });
  });
