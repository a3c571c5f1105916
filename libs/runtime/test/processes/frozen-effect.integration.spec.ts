import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerKey, LIBRARY } from '@lockstep/store';
import type { WorkflowId } from '@lockstep/kernel';
import { Stage } from './stage.js';
import { payment, walk } from './team/contracts.js';
import { Zombie } from './zombie.js';

/** When it wakes it has no reason to think that it lost anything: only the window says so. */
const LONG_LEASE = { LOCKSTEP_LEASE_MS: '60000' };

let stage: Stage;
let zombie: Zombie;

beforeAll(async () => {
  stage = await Stage.set();
  const start = (env: Readonly<Record<string, string>>) => stage.lead(env);
  zombie = await Zombie.of(stage, { start, errand: walk, step: 'first' }, LONG_LEASE);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await zombie[Symbol.asyncDispose]();
});

describe('a process that is frozen inside an effect, and taken for dead though its lease runs', () => {
  it.each([
    ['E4', 'its intent was recorded', 'EffectIntended', (wf) => stage.has(wf, 'EffectIntended')],
    ['E5', 'its key was reserved', `${LIBRARY}_reserve`, (_, key) => isReserved(key)],
  ] as [string, string, string, (wf: WorkflowId, key: string) => Promise<boolean>][])(
    'G5 %s: as soon as %s, does not act when it wakes',
    async (_, moment, request, isExecuted) => {
      const name = moment.replaceAll(' ', '-');
      const answered = zombie.proxy.holdAnswers(request);
      const wf = await stage.begin(payment, name);
      await answered.sprung();
      await stage.until(moment, () => isExecuted(wf, name), [wf]);
      zombie.freezes();
      await takenForDead(wf);
      await zombie.sleepsThrough(wf);
      const events = await stage.events(wf);
      await zombie.wakes();
      expect(await stage.events(wf)).toEqual(events);
      expect(stage.world.timesPaid(name)).toBe(1);
      await zombie.worksAgain();
    },
  );

  const isReserved = async (key: string): Promise<boolean> =>
    (await stage.redis.hget(ledgerKey('acme', 'pay', key), 'state')) === 'reserved';

  /** As a supervisor does that sees none of its connections. */
  async function takenForDead(wf: WorkflowId): Promise<void> {
    const [started] = await stage.eventsOf(wf, 'TaskStarted');
    const reaped = stage.store.reap(stage.partitions.of(wf), 100, [started!.meta.worker]);
    expect(await reaped).toMatchObject({ taken: 1 });
  }
});
