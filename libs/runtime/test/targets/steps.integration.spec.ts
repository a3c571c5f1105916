import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Rejected } from '@lockstep/kernel';
import type { Target } from '../../src/targets/target.js';
import { lead, Team } from '../team.js';
import { bankOf, clear, deferralsOf, force, SLOW } from './bank.js';

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
    await force(team, bank, 'open');
    const wf = await team.begin();
    await team.work();
    expect(await team.story(wf)).toEqual([
      'WorkflowStarted',
      'TaskScheduled r',
      'TaskStarted r',
      'AttemptDeferred r 1',
      'TaskSuspended r',
    ]);
    expect(await deferralsOf(team, wf)).toMatchObject([
      { name: 'step ask the bank', target: bank.name, reason: 'open' },
    ]);
    expect(ran).toBe(0);
    expect(await team.redis.scard(team.store.partitions.held(0, team.worker))).toBe(0);
  });

  it('is done when the breaker has closed, at no cost of its policy', async () => {
    await force(team, bank, 'open');
    const wf = await team.begin();
    await team.work();
    for (let outage = 0; outage < 6; outage += 1) await team.laterOn();
    expect(await deferralsOf(team, wf)).toHaveLength(7);
    await force(team, bank, 'closed');
    outcomes.push(new Error('1'), new Error('2'), new Error('3'));
    bank = bankOf({ breaker: false });
    await team.laterOn();
    expect(await team.eventsOf(wf, 'StepFailed')).toHaveLength(3);
    expect(await team.status(wf)).toBe('completed');
  });

  it('opens the breaker by its failures, and loses none of its attempts to that', async () => {
    outcomes.push(new Error('1'), new Error('2'), new Error('3'));
    const wf = await team.begin();
    await team.work();
    expect([ran, (await team.eventsOf(wf, 'StepFailed')).length]).toEqual([2, 2]);
    expect(await deferralsOf(team, wf)).toMatchObject([{ reason: 'open' }]);
    await force(team, bank, 'closed');
    await team.laterOn();
    expect(await team.eventsOf(wf, 'StepFailed')).toHaveLength(3);
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
    expect(await team.eventsOf(wf, 'StepFailed')).toHaveLength(1);
    expect(await deferralsOf(team, wf)).toMatchObject([{ reason: 'open' }]);
  });

  it('waits in its place for what is over in moments, and nothing is recorded', async () => {
    bank = bankOf({ rate: { perSecond: 20, burst: 1 } });
    const wfs = [await team.begin(), await team.begin()];
    await team.work();
    for (const wf of wfs) {
      expect(await team.status(wf)).toBe('completed');
      expect(await deferralsOf(team, wf)).toEqual([]);
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
    expect(await deferralsOf(team, wf)).toMatchObject([{ reason }]);
    expect(ran).toBe(0);
  });

  /** Calls there take a minute, as far as is known. */
  async function slowTarget(): Promise<void> {
    await team.store.targets.report(bank.name, bank.limits, 'other', 'ok', 480_000);
    const ask = { permit: 'another', who: 'other', leaseMs: 60_000 };
    await team.store.targets.admit(bank.name, bank.limits, ask);
  }

  it('G8: comes to the same place on replay, whatever else was done meanwhile', async () => {
    await force(team, bank, 'open');
    team.on(lead.run, async (_, task) => {
      const asked = task.step('ask the bank', () => 'bank', { target: bank });
      const other = await task.step('other', () => 'other');
      return { text: `${other} ${await asked}` };
    });
    const wf = await team.begin();
    await team.work();
    await team.laterOn();
    await force(team, bank, 'closed');
    await team.laterOn();
    expect(await team.answer(wf)).toBe('{"text":"other bank"}');
    expect(await team.eventsOf(wf, 'StepCompleted')).toHaveLength(2);
  });
});
