import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import { expectOneHistory } from './history.js';
import { Stage } from './stage.js';
import { StoreClock } from './store-clock.js';
import { nap, payment, round, walk } from './team/contracts.js';

const HOUR_MS = 3_600_000;
const TAKEN_AWAY = new Set(['LeaseExpired', 'AttemptTimedOut']);

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.set();
  const agents = [stage.lead(), stage.lead(), stage.helper(), stage.helper()];
  await Promise.all([...agents, stage.supervisor()]);
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('a store whose clock is set back and forth', () => {
  it('S7 G1 G6: under work, ends no lease and no attempt, fires every timer, and keeps its histories in order', async () => {
    using clock = await StoreClock.of(stage);
    const inside = stage.world.hold('steps/held/second');
    const held = await stage.begin(walk, 'held');
    await inside.reached();
    const wfs = [held];
    for (const [at, offMs] of [-HOUR_MS, 0, HOUR_MS, HOUR_MS - 2000].entries()) {
      const before = [await stage.begin(nap, `nap-${at}`), ...(await rounds(`before-${at}`))];
      await clock.set(offMs);
      wfs.push(...before, ...(await rounds(`after-${at}`)));
      await stage.completed(await stage.begin(payment, `paid-${at}`)); // the work goes on
    }
    inside.open();
    for (const wf of wfs) {
      await stage.completed(wf);
      const events = await stage.events(wf);
      expectOneHistory(events);
      expect(events.filter(({ type }) => TAKEN_AWAY.has(type))).toEqual([]);
      expect(countOf(events, 'TimerFired')).toBe(countOf(events, 'TimerSet'));
    }
    expect(new Set(stage.world.payments).size).toBe(stage.world.payments.length);
  });

  const rounds = (name: string): Promise<WorkflowId[]> =>
    Promise.all([1, 2, 3, 4, 5].map((n) => stage.begin(round, `${name}-${n}`)));

  const countOf = (events: readonly { readonly type: string }[], type: string): number =>
    events.filter((event) => event.type === type).length;
});
