import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerKey } from '@lockstep/store';
import type { WorkflowId } from '@lockstep/kernel';
import { Proxy, type ServiceProcess } from '@lockstep/testing';
import { isBy, Stage } from './stage.js';
import { insisting, nap, payment, waiting, walk } from './team/contracts.js';

let stage: Stage;
let agent: ServiceProcess;
/** The agent's way to Redis. */
let proxy: Proxy;

beforeAll(async () => {
  stage = await Stage.set();
  await Promise.all([stage.supervisor(), startAgent()]);
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

async function startAgent(): Promise<void> {
  proxy = await Proxy.to(stage.server.port);
  agent = await stage.lead({ LOCKSTEP_REDIS_URL: `redis://127.0.0.1:${proxy.port}` });
  await stage.watched(agent);
}

/** Kills the only process of the role; another one takes its place. */
async function crash(): Promise<void> {
  await agent.kill();
  await proxy[Symbol.asyncDispose]();
  await startAgent();
}

describe('an agent that is killed', () => {
  it('G4: inside a step has that step repeated by another, and no recorded one', async () => {
    const inside = stage.world.hold('steps/walk-1/second');
    const wf = await stage.begin(walk, 'walk-1');
    await inside.reached();
    await crash();
    await inside.reached(2);
    inside.open();
    expect(await stage.completed(wf)).toEqual(['first', 'second', 'third']);
    expect(stage.world.steps).toEqual(['walk-1/first', 'walk-1/second', 'walk-1/third']);
    const [first, second] = await stage.eventsOf(wf, 'TaskStarted');
    expect([isBy(agent, first!), isBy(agent, second!)]).toEqual([false, true]);
  });

  it('G4: between a step and the next has no step repeated', async () => {
    const recorded = proxy.holdAnswers('StepCompleted');
    const wf = await stage.begin(walk, 'walk-2');
    await recorded.sprung();
    await stage.happens(wf, 'StepCompleted');
    await crash();
    await stage.completed(wf);
    expect(stage.world.timesDone('walk-2/first')).toBe(1);
    expect(await stage.eventsOf(wf, 'LeaseExpired')).toMatchObject([
      { epoch: 1, meta: { reason: 'connections' } },
    ]);
  });

  it('G5: inside an effect, before it acted, has it done once', async () => {
    const inside = stage.world.hold('payments/before');
    const wf = await stage.begin(payment, 'before');
    await inside.reached();
    await crash();
    inside.open();
    expect(await stage.completed(wf)).toContain('receipt of before');
    expect(stage.world.timesPaid('before')).toBe(1);
  });

  it('G5: inside an effect, after it acted, has it not done again', async () => {
    const inside = stage.world.hold('paid/after');
    const wf = await stage.begin(payment, 'after');
    await inside.reached();
    await crash();
    inside.open();
    expect(await stage.completed(wf)).toContain('receipt of after');
    expect(stage.world.timesPaid('after')).toBe(1);
    expect(await stage.eventsOf(wf, 'EffectCommitted')).toMatchObject([{ meta: { by: 'probe' } }]);
  });

  it.each([
    ['its intent was recorded', 'EffectIntended', 0],
    ['its key was reserved', 'lockstep_1_reserve', 0],
    ['its receipt was in the ledger', 'lockstep_1_commit', 1],
    ['its receipt was in the log', 'EffectCommitted', 1],
  ] as const)('G5: as soon as %s has the effect done once', async (moment, request, paid) => {
    const name = moment.replaceAll(' ', '-');
    const sent = proxy.holdAnswers(request);
    const wf = await stage.begin(payment, name);
    await sent.sprung();
    await stage.until(moment, () => isExecuted[request](wf, name), [wf]);
    expect(stage.world.timesPaid(name)).toBe(paid);
    await crash();
    expect(await stage.completed(wf)).toContain(`receipt of ${name}`);
    expect(stage.world.timesPaid(name)).toBe(1);
    const committed = await stage.eventsOf(wf, 'EffectCommitted');
    expect(committed).toMatchObject([{ meta: { by: 'attempt' } }]); // the ledger knows: nobody is asked
  });

  /** Whether the request whose answer is held has done its work. */
  const isExecuted = {
    EffectIntended: (wf: WorkflowId) => stage.has(wf, 'EffectIntended'),
    EffectCommitted: (wf: WorkflowId) => stage.has(wf, 'EffectCommitted'),
    lockstep_1_reserve: async (_: WorkflowId, key: string) =>
      (await ledgerState(key)) === 'reserved',
    lockstep_1_commit: async (wf: WorkflowId, key: string) =>
      (await ledgerState(key)) === 'committed' && !(await stage.has(wf, 'EffectCommitted')),
  };

  const ledgerState = (key: string): Promise<string | null> =>
    stage.redis.hget(ledgerKey('acme', 'pay', key), 'state');

  it('G4: inside a later attempt of its task has none of them forgotten, and none counted twice', async () => {
    const first = stage.world.hold('steps/insist/try');
    const wf = await stage.begin(insisting, 'insist');
    await first.reached();
    const second = stage.world.hold('steps/insist/try');
    first.open();
    await second.reached();
    await crash();
    await second.reached(2);
    second.open();
    await stage.happens(wf, 'TaskFailed');
    expect(await stage.eventsOf(wf, 'LeaseExpired')).toHaveLength(1);
    const attempts = await stage.eventsOf(wf, 'AttemptFailed');
    expect(attempts.map(({ meta }) => [meta.attempt, meta.op])).toEqual([
      [1, 1],
      [2, 1],
    ]);
    const tries = await stage.eventsOf(wf, 'StepFailed');
    expect(tries.map(({ meta }) => meta.attempt)).toEqual([1, 2, 3]);
    expect(stage.world.timesDone('insist/try')).toBe(3);
  });

  it('G6: while its task sleeps has it woken in another process', async () => {
    const wf = await stage.begin(nap, 'nap');
    await stage.happens(wf, 'TaskSuspended');
    await crash();
    expect(await stage.completed(wf)).toEqual(['before', 'after']);
    expect(stage.world.timesDone('nap/before')).toBe(1);
    expect(await stage.eventsOf(wf, 'LeaseExpired')).toEqual([]);
  });

  it('G6: while its task waits for a signal has it woken in another process', async () => {
    const wf = await stage.begin(waiting, 'waiting');
    await stage.happens(wf, 'TaskSuspended');
    await crash();
    await stage.tell(wf, 'go');
    expect(await stage.completed(wf)).toEqual(['before', 'go', 'after']);
    expect(stage.world.timesDone('waiting/before')).toBe(1);
    const started = await stage.eventsOf(wf, 'TaskStarted');
    expect(started.map((event) => isBy(agent, event))).toEqual([false, true]);
  });
});
