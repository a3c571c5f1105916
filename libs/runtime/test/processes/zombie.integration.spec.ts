import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import { isFullRun } from '@lockstep/testing';
import { expectOneHistory } from './history.js';
import { type ErrandWorkflow, isBy, Stage } from './stage.js';
import { handing, nap, payment, round, sharing, walk } from './team/contracts.js';
import { Zombie } from './zombie.js';

jest.setTimeout(180_000);

let stage: Stage;
let lead: Zombie;
let helper: Zombie;

beforeAll(async () => {
  stage = await Stage.set();
  await stage.supervisor();
  lead = await Zombie.of(stage, {
    start: (env) => stage.lead(env),
    errand: walk,
    step: 'first',
  });
  helper = await Zombie.of(stage, {
    start: (env) => stage.helper(env),
    errand: handing,
    step: 'finish',
  });
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await Promise.all([lead, helper].map((each) => each[Symbol.asyncDispose]()));
});

describe('a process that is frozen past its lease and wakes', () => {
  type Job = readonly [what: string, ErrandWorkflow, role: string, zombie: () => Zombie];
  const jobs: readonly Job[] = [
    ['a bit of everything', round, 'lead', () => lead],
    ['the parts of a fan-out', round, 'helper', () => helper],
    ['a handoff', handing, 'lead', () => lead],
  ];
  const more: readonly Job[] = [
    ['an effect', payment, 'lead', () => lead],
    ['a sleep', nap, 'lead', () => lead],
    ['a larger fan-out', sharing, 'lead', () => lead],
    ['the parts of a larger fan-out', sharing, 'helper', () => helper],
    ['what was handed on', handing, 'helper', () => helper],
  ];

  it.each([...jobs, ...(isFullRun ? more : [])])(
    'G2 G4 G5: right before each append of %s is refused, and goes on to useful work',
    async (_, workflow, role, zombie) => {
      let nth = 1;
      while (await freezesBefore(zombie(), workflow, `${workflow.type}-${role}-${nth}`, nth))
        nth += 1;
      expect(nth).toBeGreaterThan(2);
    },
  );

  /** One run. @returns false when the job had no such append, and is done */
  async function freezesBefore(
    zombie: Zombie,
    workflow: ErrandWorkflow,
    name: string,
    nth: number,
  ): Promise<boolean> {
    const append = zombie.beforeAppend(nth);
    const wf = await stage.begin(workflow, name);
    await stage.until(
      `append ${nth} of ${name}`,
      async () => append.isSprung || stage.has(wf, 'WorkflowCompleted'),
      [wf],
    );
    zombie.proxy.disarm(append);
    if (!append.isSprung) return false;
    await zombie.sleepsThrough(wf);
    const events = await stage.events(wf);
    await zombie.wakesRefused();
    expect(await stage.events(wf)).toEqual(events);
    await expectDoneOnce(wf, name);
    await expectUseful(zombie);
    return true;
  }

  /** A step whose result was not recorded may have run twice (G4); whatever has a receipt, once (G5). */
  async function expectDoneOnce(wf: WorkflowId, name: string): Promise<void> {
    const events = await stage.events(wf);
    expectOneHistory(events);
    const expired = events.filter(({ type }) => type === 'LeaseExpired');
    expect(expired).toMatchObject([{ meta: { reason: 'lease' } }]);
    const effects = events.filter(({ type }) => type === 'EffectCommitted').length;
    expect(stage.world.timesPaid(name)).toBe(effects);
    const done = stage.world.steps.filter((step) => step.startsWith(`${name}/`));
    expect(done.length - new Set(done).size).toBeLessThanOrEqual(1);
  }

  async function expectUseful(zombie: Zombie): Promise<void> {
    const started = await stage.eventsOf(await zombie.worksAgain(), 'TaskStarted');
    expect(started.some((event) => isBy(zombie.process, event))).toBe(true);
  }
});
