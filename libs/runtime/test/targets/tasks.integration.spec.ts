import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type NewEvent, Rejected, type WorkflowId } from '@lockstep/kernel';
import { ROOT_TASK } from '@lockstep/store';
import { eventually } from '@lockstep/testing';
import type { TaskContext } from '../../src/context/task-context.js';
import { effect } from '../../src/effects/definition.js';
import { systemClock } from '../../src/execution/clock.js';
import { target, type Target } from '../../src/targets/target.js';
import { ClaimLost } from '../../src/worker/claimed-task.js';
import { helper, lead, Team } from '../team.js';
import { bankOf, clear, deferralsOf, force, noPermitIsOut, permitsOut, SLOW } from './bank.js';

let team: Team;
let bank: Target;

const payingAt = (at: Target) =>
  effect<number, string>('pay', {
    ...{ window: 50, timeout: 50, deduplicates: true, target: at },
    perform: () => Promise.resolve('paid'),
  });

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(async () => {
  await clear(team);
  bank = bankOf();
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

  function works(handle: (task: TaskContext) => Promise<string>): void {
    const handler = async (_: unknown, task: TaskContext): Promise<{ text: string }> => {
      begun += 1;
      return { text: await handle(task) };
    };
    team.on(lead.run, handler, { target: bank });
  }

  it('waits suspended while the breaker is open, and its handler has not begun', async () => {
    await force(team, bank, 'open');
    const wf = await team.begin();
    await team.work();
    expect(await team.story(wf)).toEqual([
      'WorkflowStarted',
      'TaskScheduled r',
      'TaskStarted r',
      'AttemptDeferred r',
      'TaskSuspended r',
    ]);
    expect(await deferralsOf(team, wf)).toMatchObject([
      { name: 'task run', target: bank.name, reason: 'open' },
    ]);
    expect(begun).toBe(0);
    expect(await team.redis.scard(team.store.partitions.held(0, team.worker))).toBe(0);
  });

  it('goes on when the breaker has closed, however long that took', async () => {
    await force(team, bank, 'open');
    const wf = await team.begin();
    await team.work();
    for (let outage = 0; outage < 6; outage += 1) await team.laterOn();
    expect([begun, (await team.eventsOf(wf, 'AttemptDeferred')).length]).toEqual([0, 7]);
    await force(team, bank, 'closed');
    await team.laterOn();
    expect([begun, await team.status(wf)]).toEqual([1, 'completed']);
  });

  it('waits again when it is claimed before its time', async () => {
    await force(team, bank, 'open');
    const wf = await team.begin();
    await team.work();
    await team.store.park({ wf, commandId: 'p1', reason: 'a look', by: 'ann' });
    await resumed(wf);
    await team.work();
    expect([begun, (await team.eventsOf(wf, 'AttemptDeferred')).length]).toEqual([0, 1]);
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
    await noPermitIsOut(team, bank);
    const wf = await team.begin();
    await team.work();
    expect(await deferralsOf(team, wf)).toMatchObject([{ reason: 'open' }]);
    expect(await Promise.all(wfs.map((each) => team.status(each)))).toEqual(['parked', 'parked']);
  });

  it('does not open it by a definite no, nor when a call of it fails', async () => {
    team.on(helper.fail, () => Promise.reject(new Error('of the helper')));
    works(() => Promise.reject(new Rejected('too poor')));
    await failTwice();
    works(async (task) => `${(await task.call(helper.fail, { n: 1 })).n}`);
    await failTwice();
    works(() => Promise.resolve('done'));
    const wf = await team.begin();
    await team.work();
    expect(await team.status(wf)).toBe('completed');
  });

  async function failTwice(): Promise<void> {
    for (const wf of [await team.begin(), await team.begin()]) {
      await team.work();
      expect(await team.status(wf)).toBe('parked');
    }
    await noPermitIsOut(team, bank);
  }

  it.each<[string, (task: TaskContext) => Promise<unknown>]>([
    ['a step', (task) => task.step('ask', () => 1, { target: target(bank.name) })],
    ['an effect', (task) => task.effect(payingAt(target(bank.name)), { key: 'k', input: 1 })],
  ])('fails with %s that asks for the same target: it would wait for itself', async (_, ask) => {
    bank = bankOf({ concurrency: 1 });
    works(async (task) => String(await ask(task)));
    const wf = await team.begin();
    await team.work();
    const [failed] = await team.eventsOf(wf, 'TaskFailed');
    expect(failed?.meta.error).toMatchObject([
      { code: 'NestedTarget', kind: 'permanent', details: { target: bank.name } },
    ]);
    await noPermitIsOut(team, bank);
  });

  it('has its steps ask other targets', async () => {
    const other = bankOf();
    works((task) => task.step('ask', () => 'done', { target: other }));
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
    await noPermitIsOut(team, bank);
    wfs.push(await team.begin());
    await team.work();
    await noPermitIsOut(team, bank);
    await force(team, bank, 'open');
    await team.laterOn();
    expect((await Promise.all(wfs.map((wf) => deferralsOf(team, wf)))).flat()).toHaveLength(2);
    await force(team, bank, 'closed');
    for (let turn = 0; turn < 2; turn += 1) await team.laterOn(); // there is room for one at a time
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
    await force(team, bank, 'open');
    await team.laterOn();
    await team.laterOn();
    expect(await team.eventsOf(wf, 'AttemptDeferred')).toHaveLength(2);
    await force(team, bank, 'closed');
    await team.laterOn();
    expect(await team.answer(wf)).toBe('{"text":"1 2"}');
  });

  it('that took longer than it may counts as a failure of its target', async () => {
    bank = bankOf({ breaker: { ...SLOW, minimum: 1 } });
    works(() => new Promise(() => undefined));
    let passedMs = 0;
    team.clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + passedMs };
    await team.begin();
    const working = team.work();
    await eventually(async () => (await permitsOut(team, bank)) === 1, { what: 'it has begun' });
    passedMs = 30_001;
    team.held.get(ROOT_TASK)!.abort(new ClaimLost('its time is over'));
    await working;
    await noPermitIsOut(team, bank);
    works(() => Promise.resolve('done'));
    const wf = await team.begin();
    await team.work();
    expect(await deferralsOf(team, wf)).toMatchObject([{ reason: 'open' }]);
  });

  it('of a cancelled workflow ends without asking: nothing else could end it', async () => {
    await force(team, bank, 'open');
    const wf = await team.begin();
    await team.work();
    await team.cancel(wf);
    await team.work();
    expect(await team.status(wf)).toBe('cancelled');
  });
});
