import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceProcess } from '@lockstep/testing';
import { isBy, Stage } from './stage.js';
import { round, walk } from './team/contracts.js';

let stage: Stage;
let replicas: [ServiceProcess, ServiceProcess];

beforeAll(async () => {
  stage = await Stage.set();
  const few = { LOCKSTEP_CONCURRENCY: '8' };
  const started = [stage.lead(few), stage.lead(few), stage.helper(), stage.supervisor()] as const;
  const [one, two] = await Promise.all(started);
  replicas = [one, two];
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('a process that is told to end under load', () => {
  it('G6: lets steps in flight end, hands its tasks on and counts nothing against them', async () => {
    const [leaving, staying] = replicas;
    const names = Array.from({ length: 16 }, (_, n) => `walk-${n + 1}`);
    const inside = names.map((name) => stage.world.hold(`steps/${name}/second`));
    const walks = await Promise.all(names.map((name) => stage.begin(walk, name)));
    await Promise.all(inside.map((gate) => gate.reached()));
    const more = Array.from({ length: 20 }, (_, n) => `round-${n + 1}`);
    const rounds = await Promise.all(more.map((name) => stage.begin(round, name)));

    const ending = leaving.stop();
    const told = async (): Promise<boolean> =>
      (await leaving.lines()).some((line) => line.includes('SIGTERM: ending'));
    await stage.until('it ends', told);
    for (const gate of inside) gate.open();
    expect(await ending).toEqual({ status: 0, signal: null });

    for (const wf of [...walks, ...rounds]) {
      await stage.completed(wf);
      expect(await stage.eventsOf(wf, 'LeaseExpired')).toEqual([]);
      expect(await stage.eventsOf(wf, 'AttemptTimedOut')).toEqual([]);
    }
    for (const name of names) expect(stage.world.timesDone(`${name}/second`)).toBe(1);
    const handedBack = (
      await Promise.all(walks.map((wf) => stage.eventsOf(wf, 'TaskReleased')))
    ).flat();
    expect(handedBack).toHaveLength(8);
    const starts = (await Promise.all(walks.map((wf) => stage.eventsOf(wf, 'TaskStarted')))).flat();
    expect(starts.filter((event) => isBy(leaving, event))).toHaveLength(8);
    expect(starts.filter((event) => isBy(staying, event))).toHaveLength(16);
  });
});
