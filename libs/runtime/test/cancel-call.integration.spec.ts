import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type WorkflowId } from '@lockstep/kernel';
import { CallCancelled } from '../src/index.js';
import { helper, lead, Team } from './team.js';

let team: Team;

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(() => {
  team.handlers.clear();
});

/** Asks for two answers, takes the quick one, and wants the other no more. */
function racing(): void {
  team.on(lead.run, async (_, task) => {
    const slow = task.call(helper.double, { n: 1 });
    const quick = await task.call(helper.tell, { n: 2 });
    task.cancel(slow, 'the other was first');
    const error = await slow.then(
      () => null,
      (reason: unknown) => reason,
    );
    const isCancelled = error instanceof CallCancelled;
    return { text: `${quick.text} ${isCancelled ? error.message : String(error)}` };
  });
  team.on(helper.tell, () => Promise.resolve({ text: 'quick,' }));
}

const resultOf = async (wf: WorkflowId): Promise<unknown> => (await team.view(wf)).result?.data;

describe('a call that its task wants no more', () => {
  it('G2: ends with all that it called, and rejects', async () => {
    racing();
    team.on(helper.double, async ({ n }, task) => task.call(helper.fail, { n }));
    team.on(helper.fail, async ({ n }, task) => {
      await task.sleep('1h');
      return { n };
    });
    const wf = await team.begin();
    await team.work();
    expect(await resultOf(wf)).toEqual({
      text: 'quick, helper.double was cancelled: the other was first',
    });
    const found = await team.view(wf);
    expect(found).toMatchObject({ status: 'completed', defect: null });
    expect(found.tasks.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['r', 'completed'],
      ['r.1', 'cancelled'],
      ['r.2', 'completed'],
      ['r.1.1', 'cancelled'],
    ]);
  });

  it('G4: may have ended before it is cancelled, and then has its result', async () => {
    racing();
    team.on(helper.double, ({ n }) => Promise.resolve({ n }));
    const wf = await team.begin();
    await team.work();
    const types = (await team.log.all(wf)).map(({ type }) => type);
    expect(await team.status(wf)).toBe('completed');
    expect(await resultOf(wf)).toEqual({ text: 'quick, null' });
    expect(types).not.toContain('CallCancelled');
  });

  it('G8: is cancelled again by no replay', async () => {
    team.on(lead.run, async (_, task) => {
      const slow = task.call(helper.double, { n: 1 });
      slow.catch(() => undefined);
      task.cancel(slow, 'never mind');
      await task.sleep(5000);
      await slow.catch(() => undefined);
      return { text: 'done' };
    });
    team.on(helper.double, ({ n }) => Promise.resolve({ n }));
    const wf = await team.begin();
    await team.work();
    const cancelled = await team.eventsOf(wf, 'CallCancelled');
    expect(cancelled).toHaveLength(1);
    expect((await team.view(wf)).tasks).toMatchObject([
      { state: 'AwaitingInput' },
      { outcome: 'cancelled' },
    ]);
  });
});
