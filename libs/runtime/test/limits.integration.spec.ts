import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkflowLimits } from '@lockstep/contracts';
import { type NewEvent, type WorkflowId } from '@lockstep/kernel';
import { eventually } from '@lockstep/testing';
import { helper, job, lead, Team } from './team.js';

let team: Team;

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(async () => {
  await team.redis.flushall();
  team.claims.length = 0;
  team.handlers.clear();
});

const begin = (limits: WorkflowLimits, n = 1): Promise<WorkflowId> => team.begin(n, { limits });

/** A person sends on what is held. */
async function resume(wf: WorkflowId): Promise<void> {
  const { version } = await team.view(wf);
  const meta = { reason: 'looks right', by: 'ann' };
  const event: NewEvent = { type: 'WorkflowResumed', task: '', op: 0, meta, data: '' };
  const reply = await team.store.resume(wf, `resume ${version}`, version, [event]);
  expect(reply).toMatchObject({ reply: 'ok' });
}

const heldBy = (what: string, limit: number) => [
  {
    task: null,
    reason: 'LimitExceeded',
    error: [{ code: 'LimitExceeded', kind: 'permanent', details: { what, limit } }],
    options: [{ action: 'resume' }, { action: 'rollback' }, { action: 'cancel' }],
  },
];

/** Calls a helper `n` times, one after the other. */
function callInTurn(): void {
  team.on(helper.double, ({ n }) => Promise.resolve({ n: 2 * n }));
  team.on(lead.run, async ({ n }, task) => {
    for (let at = 1; at <= n; at += 1) await task.call(helper.double, { n: at });
    return { text: 'done' };
  });
}

/** Takes `n` steps. */
function step(): string[] {
  const taken: string[] = [];
  team.on(lead.run, async ({ n }, task) => {
    for (let at = 1; at <= n; at += 1)
      await task.step(`step ${at}`, () => taken.push(`step ${at}`));
    return { text: 'done' };
  });
  return taken;
}

describe('a workflow past its limit', () => {
  it('G6: of tasks is held as a whole, says so, and a person decides', async () => {
    callInTurn();
    const wf = await begin({ tasks: 4 }, 10);
    await team.work();
    const view = await team.view(wf);
    expect(view.status).toBe('parked');
    expect(view.parked).toMatchObject(heldBy('tasks', 4));
    expect(view.tasks).toHaveLength(4);
  });

  it('G4: gets as much again each time that a person sends it on, and repeats nothing', async () => {
    callInTurn();
    const wf = await begin({ tasks: 4 }, 10);
    await team.work();
    await resume(wf);
    await team.work();
    expect((await team.view(wf)).parked).toMatchObject(heldBy('tasks', 8));
    await resume(wf);
    await team.work();
    const view = await team.view(wf);
    expect(view.status).toBe('completed');
    expect(view.tasks).toHaveLength(11);
  });

  it('G6: of events is held, and gets as many again', async () => {
    const taken = step();
    const wf = await begin({ events: 10 }, 15);
    await team.work();
    expect((await team.view(wf)).parked).toMatchObject(heldBy('events', 10));
    expect(taken.length).toBeLessThan(10);
    while ((await team.status(wf)) === 'parked') {
      await resume(wf);
      await team.work();
    }
    expect(await team.status(wf)).toBe('completed');
    expect(taken).toEqual(Array.from({ length: 15 }, (_, at) => `step ${at + 1}`));
  });

  it('ends when it is at its end, with a few events more than its limit', async () => {
    step();
    const wf = await begin({ events: 5 }, 2);
    await team.work();
    expect(await team.status(wf)).toBe('completed');
  });

  it('G6: of time is held although it only waits, and is woken when a person sends it on', async () => {
    team.on(lead.run, async (_, task) => task.signal(job.signals.go));
    const wf = await begin({ wallClockMs: 200 });
    await team.work();
    const isHeld = async (): Promise<boolean> => {
      await team.store.fire(0, 10);
      return (await team.status(wf)) === 'parked';
    };
    await eventually(isHeld, { what: 'its time is over' });
    expect((await team.view(wf)).parked).toMatchObject(heldBy('wallClockMs', 200));
    const signal = { wf, id: 's', name: 'go', payload: '{"text":"go on"}' };
    await team.store.signal({ ...signal, meta: { name: 'go', id: 's', version: 1 } });
    const isDone = async (): Promise<boolean> => {
      if (await isHeld()) await resume(wf); // it may be late again
      await team.work();
      return (await team.status(wf)) === 'completed';
    };
    await eventually(isDone, { what: 'it goes on' });
    expect(await team.view(wf)).toMatchObject({ result: { data: { text: 'go on' } } });
  });

  it('is held once, however many of its tasks notice', async () => {
    team.on(helper.double, async ({ n }, task) => {
      await task.step('think', () => n);
      return { n };
    });
    team.on(lead.run, async (_, task) => {
      const calls = Array.from({ length: 8 }, (__, at) => task.call(helper.double, { n: at }));
      return { text: String((await task.all(calls)).length) };
    });
    const wf = await begin({ events: 14 });
    await team.work();
    const parked = (await team.story(wf)).filter((line) => line.startsWith('WorkflowParked'));
    expect(parked).toHaveLength(1);
    for (let resumed = 0; (await team.status(wf)) === 'parked'; resumed += 1) {
      expect(resumed).toBeLessThan(10);
      await resume(wf);
      await team.work();
    }
    expect(await team.status(wf)).toBe('completed');
  });

  it('is not held while it is being ended', async () => {
    callInTurn();
    const wf = await begin({ tasks: 4, events: 100 }, 10);
    await team.work();
    const end = { wf, commandId: 'x', reason: 'no', by: 'ann' };
    await team.store.cancel({ ...end, rollback: false });
    await team.work();
    expect(await team.status(wf)).toBe('cancelled');
    expect(await team.redis.hget(team.store.partitions.head(wf), 'limits')).toBeNull();
  });

  it('has no limits unless they are declared', async () => {
    step();
    const wf = await begin({}, 40);
    await team.work();
    expect(await team.status(wf)).toBe('completed');
  });
});
