import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectOneHistory } from './history.js';
import { Stage } from './stage.js';
import { gathering } from './team/contracts.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.set();
  const places = { LOCKSTEP_CONCURRENCY: '40' };
  const helpers = [stage.helper(places), stage.helper(places), stage.helper(places)];
  await Promise.all([stage.lead(), ...helpers, stage.supervisor()]);
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('a hundred tasks of several workers that finish at once', () => {
  it('G1 S8: wake their parent once, with a hundred results in one history', async () => {
    const parts = Array.from({ length: 100 }, (_, at) => `part-${at + 1}`);
    const gates = parts.map((part) => stage.world.hold(`steps/gathering/${part}`));
    const wf = await stage.begin(gathering, 'gathering');
    await Promise.all(gates.map((gate) => gate.reached()));
    for (const gate of gates) gate.open();
    expect(await stage.completed(wf)).toEqual(parts);

    expectOneHistory(await stage.events(wf));
    const started = await stage.eventsOf(wf, 'TaskStarted');
    const [parents, children] = [true, false].map((isRoot) =>
      started.filter(({ task }) => (task === 'r') === isRoot),
    );
    expect(parents).toHaveLength(2);
    expect(children).toHaveLength(100);
    expect(new Set(children!.map(({ meta }) => meta.worker)).size).toBe(3);
    for (const part of parts) expect(stage.world.timesDone(`gathering/${part}`)).toBe(1);
  });
});
