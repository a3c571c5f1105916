import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordedEvent, WorkflowId } from '@lockstep/kernel';
import type { Reservation } from '@lockstep/store';
import { effect } from '../src/effects/definition.js';
import { systemClock } from '../src/execution/clock.js';
import { ClaimLost } from '../src/worker/claimed-task.js';
import { lead, Team } from './team.js';

let team: Team;
let asked: number;

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(() => {
  asked = 0;
  team.clock = systemClock;
});

const pay = effect<number, string>('pay', {
  window: 50,
  timeout: 50,
  perform: () => {
    team.held.get('r')!.abort(new ClaimLost('frozen'));
    return Promise.resolve('never told');
  },
  probe: () => {
    asked += 1;
    return Promise.resolve({ happened: true, receipt: 'found' });
  },
});

/** Has a worker lose its claim inside the act, and gives its reservation: it may still wake. */
async function lostInside(key: string): Promise<{ wf: WorkflowId; frozen: Reservation }> {
  team.on(lead.run, async (_, task) => ({ text: await task.effect(pay, { key, input: 1 }) }));
  const wf = await team.begin();
  const [claimed] = await team.take('lead');
  const { task, claim, epoch, tenant, history } = claimed!;
  await team.run(claimed!);
  const events = await team.log.all(wf);
  const intent = events.find(({ type }) => type === 'EffectIntended');
  const { inputDigest } = (intent as RecordedEvent<'EffectIntended'>).meta;
  await team.reap();
  const of = { tenant, action: 'pay', key, inputDigest, scheduledAtMs: history[0]!.atMs };
  return { wf, frozen: { ...of, wf, task, claim, epoch } };
}

/** Has the next owner take over; `meanwhile` runs when it begins to wait. */
async function takenOver(meanwhile: () => Promise<unknown>): Promise<void> {
  let waits = 0;
  team.clock = {
    ...systemClock,
    delay: async (ms, signal) => {
      waits += 1;
      if (waits === 1) await meanwhile();
      return systemClock.delay(ms, signal);
    },
  };
  await team.work();
}

describe('whoever takes an effect over', () => {
  it('E4: has the reservation before it waits: the older claim gets it no more', async () => {
    const { wf, frozen } = await lostInside('fenced');
    let answer: unknown;
    await takenOver(async () => (answer = await team.store.ledger.reserve(frozen)));
    expect(answer).toEqual({ reply: 'fenced' });
    expect(await team.status(wf)).toBe('completed');
  });

  it('E4: reads the ledger before it asks: a receipt that came meanwhile counts', async () => {
    const { wf, frozen } = await lostInside('told late');
    await takenOver(() => team.store.ledger.commit(frozen, '"paid after all"'));
    expect(asked).toBe(0);
    expect(await team.answer(wf)).toBe('{"text":"paid after all"}');
  });
});
