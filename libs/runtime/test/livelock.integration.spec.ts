import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { planRedrive, type TaskId, type WorkflowId } from '@lockstep/kernel';
import type { TaskContext } from '../src/context/task-context.js';
import { helper, lead, Team } from './team.js';

let team: Team;

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(async () => {
  await team.redis.flushall();
  team.claims.length = 0;
  team.handlers.clear();
  team.maxHops = 256;
});

/** A person sends the task again. */
async function redrive(wf: WorkflowId, task: string): Promise<void> {
  const events = await team.log.all(wf);
  const plan = planRedrive(events, { task: task as TaskId, by: 'ann', reason: 'mended' });
  const reply = await team.store.resume(wf, `redrive ${task}`, events.length, plan);
  expect(reply).toMatchObject({ reply: 'ok' });
}

/** Calls and handoffs from the root to this task. */
const hopsTo = ({ id }: TaskContext): number => id.split('.').length - 1;

/** Lead and helper, each of whom thinks that the other one is to do it, until there were so many hops. */
function passOn(patience = Infinity): void {
  team.on(lead.run, async ({ n }, task) => {
    await task.step('think', () => 'helper can do it');
    return task.handoff(helper.tell, { n });
  });
  team.on(helper.tell, async ({ n }, task) => {
    if (hopsTo(task) >= patience) return { text: `done ${n}` };
    await task.step('think', () => 'lead can do it');
    return task.handoff(lead.run, { n });
  });
}

describe('work that is handed round in a circle', () => {
  it('G6: is parked with the circle shown, at the third time that the same is asked', async () => {
    passOn();
    const wf = await team.begin(7);
    await team.work();
    expect(await team.status(wf)).toBe('parked');
    const { parked } = await team.view(wf);
    const digest = expect.stringMatching(/^[0-9a-f]{12}$/);
    const hop = (task: string, asked: string) => ({ task, asked, digest });
    expect(parked).toMatchObject([
      {
        task: 'r.2.2.2',
        reason: 'Livelock',
        options: [
          { action: 'redrive', task: 'r.2.2.2' },
          { action: 'rollback' },
          { action: 'cancel' },
        ],
      },
    ]);
    expect(parked[0]?.error[0]).toMatchObject({
      code: 'Livelock',
      kind: 'permanent',
      details: {
        why: 'circle',
        hops: 4,
        way: [
          hop('r', 'lead.run'),
          hop('r.2', 'helper.tell'),
          hop('r.2.2', 'lead.run'),
          hop('r.2.2.2', 'helper.tell'),
          hop('r.2.2.2.2', 'lead.run'),
        ],
      },
    });
  });

  it('G4: goes on when a person sends it again, and repeats no step', async () => {
    passOn(5);
    const wf = await team.begin(7);
    await team.work();
    await redrive(wf, 'r.2.2.2');
    await team.work();
    expect(await team.status(wf)).toBe('completed');
    const steps = (await team.story(wf)).filter((line) =>
      line.startsWith('StepCompleted r.2.2.2 '),
    );
    expect(steps).toEqual(['StepCompleted r.2.2.2 1']);
  });

  it('is parked again when it goes round again', async () => {
    passOn();
    const wf = await team.begin(7);
    await team.work();
    await redrive(wf, 'r.2.2.2');
    await team.work();
    expect((await team.view(wf)).parked).toMatchObject([{ reason: 'Livelock' }]);
    expect(team.claims.length).toBeLessThan(12);
  });

  it('ends when a person cancels it', async () => {
    passOn();
    const wf = await team.begin(7);
    await team.work();
    await team.cancel(wf);
    expect(await team.status(wf)).toBe('cancelled');
  });

  it('is parked as well when each calls the other and waits', async () => {
    team.on(lead.run, async ({ n }, task) => ({
      text: String((await task.call(helper.double, { n })).n),
    }));
    team.on(helper.double, ({ n }, task) => task.call(helper.double, { n }));
    const wf = await team.begin(7);
    await team.work();
    expect((await team.view(wf)).parked).toMatchObject([
      { task: 'r.1.1', reason: 'Livelock', error: [{ details: { hops: 3 } }] },
    ]);
  });

  it('is no livelock while it waits for time to pass between the rounds', async () => {
    team.on(lead.run, async ({ n }, task) => {
      if (hopsTo(task) === 6) return { text: 'there it is' };
      await task.sleep(1);
      return task.handoff(lead.run, { n });
    });
    const wf = await team.begin(7);
    while ((await team.status(wf)) === 'running') await team.work();
    expect(await team.status(wf)).toBe('completed');
  });
});

describe('work that is passed on', () => {
  /** Counts down, one handoff a number. */
  const countDown = (): void => {
    team.on(lead.run, ({ n }, task) =>
      n === 0 ? Promise.resolve({ text: 'done' }) : task.handoff(lead.run, { n: n - 1 }),
    );
  };

  it('goes as far as the limit when it is asked something new each time', async () => {
    countDown();
    const wf = await team.begin(256);
    await team.work();
    expect(await team.status(wf)).toBe('completed');
  });

  it('G6: is parked behind the limit, goes on when a person says so, and as far again', async () => {
    countDown();
    team.maxHops = 10;
    const wf = await team.begin(21);
    await team.work();
    const at10 = `r${'.1'.repeat(10)}`;
    expect((await team.view(wf)).parked).toMatchObject([
      { task: at10, reason: 'Livelock', error: [{ details: { why: 'hops', hops: 11 } }] },
    ]);
    await redrive(wf, at10);
    await team.work();
    const at20 = `r${'.1'.repeat(20)}`;
    expect((await team.view(wf)).parked).toMatchObject([{ task: at20, reason: 'Livelock' }]);
    await redrive(wf, at20);
    await team.work();
    expect(await team.status(wf)).toBe('completed');
  });
});
