import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type NewEvent,
  NotPerformed,
  Rejected,
  type RecordedEvent,
  type WorkflowId,
} from '@lockstep/kernel';
import { eventually } from '@lockstep/testing';
import { ROOT_TASK } from '@lockstep/store';
import type { TaskContext } from '../src/context/task-context.js';
import { effect } from '../src/effects/definition.js';
import { systemClock } from '../src/execution/clock.js';
import { target, type Target, type TargetOptions } from '../src/targets/target.js';
import { ClaimLost } from '../src/worker/claimed-task.js';
import { helper, lead, Team } from './team.js';
import { openTargets } from './open-targets.js';

let team: Team;
/** Another one for each test: what it is to others says nothing of it. */
let bank: Target;
let targets = 0;

/** Open for so long that work does not wait in its place. */
const SLOW = { windowMs: 60_000, minimum: 2, failureRate: 0.5, openMs: 60_000, probes: 1 };

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(async () => {
  await team.redis.flushall();
  team.handlers.clear();
  team.claims.length = 0;
  team.targets = openTargets(team.store);
  team.clock = systemClock;
  bank = bankOf({ breaker: SLOW });
});

const bankOf = (options: TargetOptions): Target => target(`bank-${(targets += 1)}`, options);

let commands = 0;
const force = (state: 'open' | 'closed') =>
  team.store.targets.force(bank.name, {
    ...{ commandId: `c-${(commands += 1)}`, state, by: 'ann', reason: 'said so' },
  });

/** Time goes on to where every timer is due. */
async function laterOn(): Promise<void> {
  const timers = team.store.partitions.timers(0);
  for (const member of await team.redis.zrange(timers, '0', '-1')) {
    if (!member.includes('!')) await team.redis.zadd(timers, 0, member);
  }
  await team.work();
}

const deferrals = async (wf: WorkflowId): Promise<RecordedEvent<'AttemptDeferred'>['meta'][]> =>
  (await team.log.all(wf)).flatMap((event) =>
    event.type === 'AttemptDeferred' ? [event.meta] : [],
  );
const count = async (wf: WorkflowId, type: string): Promise<number> =>
  (await team.log.all(wf)).filter((event) => event.type === type).length;

describe('a step that has a target', () => {
  let ran: number;
  let outcomes: (Error | undefined)[];
  beforeEach(() => {
    ran = 0;
    outcomes = [];
    team.on(lead.run, async (_, task) => {
      const act = (): string => {
        ran += 1;
        const failure = outcomes.shift();
        if (failure) throw failure;
        return 'done';
      };
      const options = { target: bank, retry: { attempts: 4, baseMs: 1 } };
      return { text: await task.step('ask the bank', act, options) };
    });
  });

  it('is done when that lets it through, and gives its permit back', async () => {
    bank = bankOf({ breaker: SLOW, concurrency: 1 });
    for (let n = 0; n < 3; n += 1) {
      const wf = await team.begin();
      await team.work();
      expect(await team.status(wf)).toBe('completed');
    }
    expect(ran).toBe(3);
  });

  it('waits suspended while the breaker is open, and nothing is done', async () => {
    await force('open');
    const wf = await team.begin();
    await team.work();
    expect(await team.story(wf)).toEqual([
      'WorkflowStarted',
      'TaskScheduled r',
      'TaskStarted r',
      'AttemptDeferred r 1',
      'TaskSuspended r',
    ]);
    expect(await deferrals(wf)).toMatchObject([
      { name: 'step ask the bank', target: bank.name, reason: 'open' },
    ]);
    expect(ran).toBe(0);
    expect(await team.redis.scard(team.store.partitions.held(0, team.worker))).toBe(0);
  });

  it('is done when the breaker has closed, at no cost of its policy', async () => {
    await force('open');
    const wf = await team.begin();
    await team.work();
    for (let outage = 0; outage < 6; outage += 1) await laterOn();
    expect(await deferrals(wf)).toHaveLength(7);
    await force('closed');
    outcomes.push(new Error('1'), new Error('2'), new Error('3'));
    bank = bankOf({ breaker: false });
    await laterOn();
    expect(await count(wf, 'StepFailed')).toBe(3);
    expect(await team.status(wf)).toBe('completed');
  });

  it('opens the breaker by its failures, and loses none of its attempts to that', async () => {
    outcomes.push(new Error('1'), new Error('2'), new Error('3'));
    const wf = await team.begin();
    await team.work();
    expect([ran, await count(wf, 'StepFailed')]).toEqual([2, 2]);
    expect(await deferrals(wf)).toMatchObject([{ reason: 'open' }]);
    await force('closed');
    await laterOn();
    expect(await count(wf, 'StepFailed')).toBe(3);
    expect(await team.status(wf)).toBe('completed');
  });

  it('does not open it by a definite no', async () => {
    outcomes.push(new Rejected('too poor'));
    await team.begin();
    await team.work();
    outcomes.push(new Rejected('too poor'));
    await team.begin();
    await team.work();
    const wf = await team.begin();
    await team.work();
    expect(await team.status(wf)).toBe('completed');
  });

  it('is given up after the time of the target, which counts as a failure', async () => {
    bank = bankOf({ breaker: { ...SLOW, minimum: 1 }, timeout: 20 });
    team.on(lead.run, async (_, task) => {
      const hang = (): Promise<string> => new Promise(() => undefined);
      return { text: await task.step('hang', hang, { target: bank }) };
    });
    const wf = await team.begin();
    await team.work();
    expect(await count(wf, 'StepFailed')).toBe(1);
    expect(await deferrals(wf)).toMatchObject([{ reason: 'open' }]);
  });

  it('waits in its place for what is over in moments, and nothing is recorded', async () => {
    bank = bankOf({ rate: { perSecond: 20, burst: 1 } });
    const wfs = [await team.begin(), await team.begin()];
    await team.work();
    for (const wf of wfs) {
      expect(await team.status(wf)).toBe('completed');
      expect(await deferrals(wf)).toEqual([]);
    }
  });

  it.each([
    ['limited', { rate: { perSecond: 0.01, burst: 1 } }],
    ['full', { concurrency: 1 }],
  ] as const)('waits suspended for what takes longer: %s', async (reason, options) => {
    bank = bankOf(options);
    const ask = { permit: 'other', who: 'other', leaseMs: 60_000 };
    await team.store.targets.admit(bank.name, bank.limits, ask);
    await team.store.targets.report(bank.name, bank.limits, 'slow', 'ok', 60_000);
    if (reason === 'full') await slowTarget();
    const wf = await team.begin();
    await team.work();
    expect(await deferrals(wf)).toMatchObject([{ reason }]);
    expect(ran).toBe(0);
  });

  /** Calls there take a minute, as far as is known. */
  async function slowTarget(): Promise<void> {
    await team.store.targets.report(bank.name, bank.limits, 'other', 'ok', 480_000);
    const ask = { permit: 'another', who: 'other', leaseMs: 60_000 };
    await team.store.targets.admit(bank.name, bank.limits, ask);
  }

  it('G8: comes to the same place on replay, whatever else was done meanwhile', async () => {
    await force('open');
    team.on(lead.run, async (_, task) => {
      const asked = task.step('ask the bank', () => 'bank', { target: bank });
      const other = await task.step('other', () => 'other');
      return { text: `${other} ${await asked}` };
    });
    const wf = await team.begin();
    await team.work();
    await laterOn();
    await force('closed');
    await laterOn();
    expect(await team.answer(wf)).toBe('{"text":"other bank"}');
    expect(await count(wf, 'StepCompleted')).toBe(2);
  });
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
    const told = (await Promise.all(wfs.map(deferrals))).flat();
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

describe('a task that has a target', () => {
  let begun: number;
  let failures: Error[];
  beforeEach(() => {
    [begun, failures] = [0, []];
    works(async (task) => {
      const failure = await task.step('try', () => failures.shift()?.message ?? '');
      if (failure !== '') throw new Error(failure);
      return 'done';
    });
  });

  function works(handle: (task: TaskContext) => Promise<string>, timeoutMs = 30_000): void {
    const handler = async (_: unknown, task: TaskContext): Promise<{ text: string }> => {
      begun += 1;
      return { text: await handle(task) };
    };
    team.on(lead.run, handler, { target: bank, timeoutMs });
  }

  const permits = (): Promise<number> => team.redis.zcard(`ls:{b:${bank.name}}:permits`);
  const noPermitIsOut = (): Promise<unknown> =>
    eventually(async () => (await permits()) === 0, { what: 'no permit is out' });

  it('waits suspended while the breaker is open, and its handler has not begun', async () => {
    await force('open');
    const wf = await team.begin();
    await team.work();
    expect(await team.story(wf)).toEqual([
      'WorkflowStarted',
      'TaskScheduled r',
      'TaskStarted r',
      'AttemptDeferred r',
      'TaskSuspended r',
    ]);
    expect(await deferrals(wf)).toMatchObject([
      { name: 'task run', target: bank.name, reason: 'open' },
    ]);
    expect(begun).toBe(0);
    expect(await team.redis.scard(team.store.partitions.held(0, team.worker))).toBe(0);
  });

  it('goes on when the breaker has closed, however long that took', async () => {
    await force('open');
    const wf = await team.begin();
    await team.work();
    for (let outage = 0; outage < 6; outage += 1) await laterOn();
    expect([begun, await count(wf, 'AttemptDeferred')]).toEqual([0, 7]);
    await force('closed');
    await laterOn();
    expect([begun, await team.status(wf)]).toEqual([1, 'completed']);
  });

  it('waits again when it is claimed before its time', async () => {
    await force('open');
    const wf = await team.begin();
    await team.work();
    await team.store.park({ wf, commandId: 'p1', reason: 'a look', by: 'ann' });
    await resumed(wf);
    await team.work();
    expect([begun, await count(wf, 'AttemptDeferred')]).toEqual([0, 1]);
    expect((await team.story(wf)).at(-1)).toBe('TaskSuspended r');
  });

  async function resumed(wf: WorkflowId): Promise<void> {
    const seen = (await team.log.all(wf)).at(-1)!.version;
    const meta = { reason: 'looked', by: 'ann' };
    const event: NewEvent = { type: 'WorkflowResumed', task: '', op: 0, meta, data: '' };
    await team.store.resume(wf, 'r1', seen, [event]);
  }

  it('opens the breaker when its handler fails, and waits itself for its next attempt', async () => {
    failures.push(new Error('1'), new Error('2'));
    const wfs = [await team.begin(), await team.begin()];
    await team.work();
    await noPermitIsOut();
    const wf = await team.begin();
    await team.work();
    expect(await deferrals(wf)).toMatchObject([{ reason: 'open' }]);
    expect(await Promise.all(wfs.map((each) => team.status(each)))).toEqual(['parked', 'parked']);
  });

  it('does not open it by a definite no, nor when a call of it fails', async () => {
    team.on(helper.fail, () => Promise.reject(new Error('of the helper')));
    works(async (task) => {
      if (begun % 2 === 1) throw new Rejected('too poor');
      return `${(await task.call(helper.fail, { n: 1 })).n}`;
    });
    for (let n = 0; n < 4; n += 1) {
      await team.begin();
      await team.work();
    }
    await noPermitIsOut();
    works(() => Promise.resolve('done'));
    const wf = await team.begin();
    await team.work();
    expect(await team.status(wf)).toBe('completed');
  });

  it('gives its permit back while it is suspended, and needs one to go on', async () => {
    bank = bankOf({ breaker: SLOW, concurrency: 1 });
    works(async (task) => {
      await task.sleep(60_000);
      return 'done';
    });
    const wfs = [await team.begin()];
    await team.work();
    await noPermitIsOut();
    wfs.push(await team.begin());
    await team.work();
    await noPermitIsOut();
    await force('open');
    await laterOn();
    expect((await Promise.all(wfs.map(deferrals))).flat()).toHaveLength(2);
    await force('closed');
    for (let turn = 0; turn < 2; turn += 1) await laterOn(); // there is room for one at a time
    expect(await Promise.all(wfs.map((wf) => team.status(wf)))).toEqual(['completed', 'completed']);
  });

  it('G4: goes on at the place that it had come to, whatever was recorded of it', async () => {
    let steps = 0;
    works(async (task) => {
      const first = await task.step('first', () => `${(steps += 1)}`);
      await task.sleep(60_000);
      return `${first} ${await task.step('second', () => `${(steps += 1)}`)}`;
    });
    const wf = await team.begin();
    await team.work();
    await force('open');
    await laterOn();
    await laterOn();
    expect(await count(wf, 'AttemptDeferred')).toBe(2);
    await force('closed');
    await laterOn();
    expect((await team.log.all(wf)).at(-2)?.data).toBe('{"text":"1 2"}');
  });

  it('that took longer than it may counts as a failure of its target', async () => {
    bank = bankOf({ breaker: { ...SLOW, minimum: 1 } });
    works(() => new Promise(() => undefined), 20);
    await team.begin();
    const working = team.work();
    await eventually(async () => (await permits()) === 1, { what: 'it has begun' });
    await new Promise((passed) => setTimeout(passed, 30));
    team.held.get(ROOT_TASK)!.abort(new ClaimLost('its time is over'));
    await working;
    await noPermitIsOut();
    works(() => Promise.resolve('done'));
    const wf = await team.begin();
    await team.work();
    expect(await deferrals(wf)).toMatchObject([{ reason: 'open' }]);
  });

  it('of a cancelled workflow ends without asking: nothing else could end it', async () => {
    await force('open');
    const wf = await team.begin();
    await team.work();
    await team.store.cancel({
      ...{ wf, commandId: 'c1', reason: 'no more', by: 'ann', rollback: false },
    });
    await team.work();
    expect(await team.status(wf)).toBe('cancelled');
  });
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
      async () => (await deferrals(second)).length + (await deferrals(first)).length > 0,
      {
        what: 'one of them has found no place',
      },
    );
    const busy = (await deferrals(first)).length > 0 ? first : second;
    expect(await deferrals(busy)).toMatchObject([{ reason: 'busy' }]);
    expect(await count(busy, 'TaskSuspended')).toBe(1);
    opened(undefined);
    await working;
    await laterOn();
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
    const reasons = (await Promise.all(wfs.map(deferrals))).flat().map(({ reason }) => reason);
    expect(reasons[0]).toBe('busy');
    expect(await Promise.all(wfs.map((wf) => team.status(wf)))).toContain('completed');
  });
});

describe('an effect that has a target', () => {
  let done: string[];
  let failures: ('hangs' | Error)[];
  let probes: number;
  let probeFails: boolean;
  beforeEach(() => {
    [done, failures, probes, probeFails] = [[], [], 0, false];
  });

  /** One task that pays once; in doubt after 50 ms without an answer. */
  function paying(): Promise<WorkflowId> {
    const pay = effect<number, string>('pay', {
      window: 200,
      timeout: 50,
      target: bank,
      retry: { baseMs: 1 },
      perform: (_, { key }) => {
        const failure = failures.shift();
        if (failure === 'hangs') return new Promise(() => undefined);
        if (failure) return Promise.reject(failure);
        done.push(key);
        return Promise.resolve('paid');
      },
      probe: (_, { key }) => {
        probes += 1;
        if (probeFails) return Promise.reject(new Error('down'));
        return Promise.resolve(
          done.includes(key) ? { happened: true, receipt: 'paid' } : { happened: false },
        );
      },
    });
    const key = `order-${bank.name}`;
    team.on(lead.run, async (_, task) => ({ text: await task.effect(pay, { key, input: 1 }) }));
    return team.begin();
  }

  it('E2: asks before its intent is recorded: nothing is in doubt while it waits', async () => {
    await force('open');
    const wf = await paying();
    await team.work();
    expect(await deferrals(wf)).toMatchObject([
      { reason: 'open', name: `effect pay order-${bank.name}` },
    ]);
    expect(await count(wf, 'EffectIntended')).toBe(0);
    await force('closed');
    await laterOn();
    expect(done).toHaveLength(1);
    expect(await team.status(wf)).toBe('completed');
  });

  it('loses no attempt while it waits', async () => {
    failures.push(new NotPerformed('1'), new NotPerformed('2'));
    const wf = await paying();
    await team.work();
    expect(await count(wf, 'EffectNotPerformed')).toBe(2);
    for (let outage = 0; outage < 6; outage += 1) await laterOn();
    await force('closed');
    await laterOn();
    expect(await count(wf, 'EffectIntended')).toBe(3);
    expect(await team.status(wf)).toBe('completed');
  });

  it('E5: in doubt waits for its target to take questions, and is not parked', async () => {
    bank = bankOf({ breaker: SLOW });
    failures.push('hangs');
    probeFails = true;
    const wf = await paying();
    await team.work();
    expect(probes).toBe(1);
    expect(await deferrals(wf)).toMatchObject([{ reason: 'open' }]);
    expect(await count(wf, 'TaskSuspended')).toBe(1);
    for (let outage = 0; outage < 3; outage += 1) await laterOn();
    expect([probes, await team.status(wf)]).toEqual([1, 'running']);
    probeFails = false;
    await force('closed');
    const waits: number[] = [];
    const delay = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
    team.clock = { ...systemClock, delay };
    await laterOn();
    expect([done.length, await team.status(wf)]).toEqual([1, 'completed']);
    expect(waits[0]).toBe(0); // the attempt was sat out before it was asked the first time
  });

  it('E5: does not act any more when its permit may soon be another’s, and asks again', async () => {
    let [previews, passedMs] = [0, 0];
    team.clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + passedMs };
    const pay = effect<number, string>('pay', {
      ...{ window: 200, timeout: 50, target: bank, deduplicates: true },
      preview: () => {
        if ((previews += 1) === 1) passedMs = 10_000; // a machine that slept
      },
      perform: (_, { key }) => Promise.resolve(`paid ${done.push(key)}`),
    });
    team.on(lead.run, async (_, task) => ({
      text: await task.effect(pay, { key: 'k', input: 1 }),
    }));
    const wf = await team.begin();
    await team.work();
    expect([previews, done]).toEqual([2, ['k']]);
    expect(await count(wf, 'EffectNotPerformed')).toBe(1);
  });

  it('of a cancelled task is settled without asking: nothing else could end it', async () => {
    failures.push('hangs');
    probeFails = true;
    const wf = await paying();
    await team.work();
    expect(await deferrals(wf)).toMatchObject([{ reason: 'open' }]);
    probeFails = false;
    await team.cancel(wf);
    await team.work();
    expect([probes, await team.status(wf)]).toEqual([2, 'cancelled']);
  });

  it('gives its permit back when the key is another’s', async () => {
    bank = bankOf({ concurrency: 1 });
    const first = await paying();
    await team.work();
    const second = await paying();
    await team.work();
    expect([await team.status(first), await team.status(second)]).toEqual([
      'completed',
      'completed',
    ]);
    expect(await count(second, 'EffectAdopted')).toBe(1);
    await eventually(async () => (await team.redis.zcard(`ls:{b:${bank.name}}:permits`)) === 0, {
      what: 'no permit is out',
    });
  });
});
