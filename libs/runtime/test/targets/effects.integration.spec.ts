import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NotPerformed, type WorkflowId } from '@lockstep/kernel';
import { effect } from '../../src/effects/definition.js';
import { systemClock } from '../../src/execution/clock.js';
import type { Target } from '../../src/targets/target.js';
import { lead, Team } from '../team.js';
import { bankOf, clear, deferralsOf, force, noPermitIsOut } from './bank.js';

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
    await force(team, bank, 'open');
    const wf = await paying();
    await team.work();
    expect(await deferralsOf(team, wf)).toMatchObject([
      { reason: 'open', name: `effect pay order-${bank.name}` },
    ]);
    expect(await team.eventsOf(wf, 'EffectIntended')).toHaveLength(0);
    await force(team, bank, 'closed');
    await team.laterOn();
    expect(done).toHaveLength(1);
    expect(await team.status(wf)).toBe('completed');
  });

  it('loses no attempt while it waits', async () => {
    failures.push(new NotPerformed('1'), new NotPerformed('2'));
    const wf = await paying();
    await team.work();
    expect(await team.eventsOf(wf, 'EffectNotPerformed')).toHaveLength(2);
    for (let outage = 0; outage < 6; outage += 1) await team.laterOn();
    await force(team, bank, 'closed');
    await team.laterOn();
    expect(await team.eventsOf(wf, 'EffectIntended')).toHaveLength(3);
    expect(await team.status(wf)).toBe('completed');
  });

  it('E5: in doubt waits for its target to take questions, and is not parked', async () => {
    bank = bankOf();
    failures.push('hangs');
    probeFails = true;
    const wf = await paying();
    await team.work();
    expect(probes).toBe(1);
    expect(await deferralsOf(team, wf)).toMatchObject([{ reason: 'open' }]);
    expect(await team.eventsOf(wf, 'TaskSuspended')).toHaveLength(1);
    for (let outage = 0; outage < 3; outage += 1) await team.laterOn();
    expect([probes, await team.status(wf)]).toEqual([1, 'running']);
    probeFails = false;
    await force(team, bank, 'closed');
    const waits: number[] = [];
    const delay = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
    team.clock = { ...systemClock, delay };
    await team.laterOn();
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
    expect(await team.eventsOf(wf, 'EffectNotPerformed')).toHaveLength(1);
  });

  it('of a cancelled task is settled without asking: nothing else could end it', async () => {
    failures.push('hangs');
    probeFails = true;
    const wf = await paying();
    await team.work();
    expect(await deferralsOf(team, wf)).toMatchObject([{ reason: 'open' }]);
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
    expect(await team.eventsOf(second, 'EffectAdopted')).toHaveLength(1);
    await noPermitIsOut(team, bank);
  });
});
