import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Append, LastWrite, Sum, workflow } from '@lockstep/contracts';
import { IsOptional, IsString } from 'class-validator';
import { helper, lead, Team } from './team.js';

class Progress {
  @Sum() total!: number;
  @Append() notes!: string[];
  @LastWrite() @IsOptional() @IsString() phase?: string;
}
const counted = workflow('job', { root: lead.run, state: Progress });

let team: Team;

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());

const merges = { total: 'sum', notes: 'append', phase: 'last' } as const;

describe('shared state', () => {
  it('merges what concurrent tasks write, and a task sees what was delivered to it', async () => {
    team.on(lead.run, async (_, task) => {
      const state = task.state(counted);
      const before = await state.read();
      await task.all([1, 2, 3].map((n) => task.call(helper.double, { n })));
      const after = await state.read();
      return { text: `${before.total} then ${after.total} with ${after.notes.length} notes` };
    });
    team.on(helper.double, async ({ n }, task) => {
      await task.state(counted).merge({ total: n, notes: [`note ${n}`] });
      return { n };
    });
    const wf = await team.begin(1, { merges });
    await team.work();
    expect(await team.answer(wf)).toBe('{"text":"0 then 6 with 3 notes"}');
  });

  it('runs an update again when another writer was first', async () => {
    let runs = 0;
    team.on(lead.run, async (_, task) => {
      await task.all([task.call(helper.double, { n: 1 }), task.call(helper.double, { n: 2 })]);
      return { text: (await task.state(counted).read()).phase ?? '' };
    });
    team.on(helper.double, async ({ n }, task) => {
      await task.state(counted).update('phase', (phase = '') => {
        runs += 1;
        return `${phase}x`;
      });
      return { n };
    });
    const wf = await team.begin(1, { merges });
    await team.work();
    expect(await team.answer(wf)).toBe('{"text":"xx"}');
    expect(runs).toBe(3);
  });

  it('refuses a change that breaks the contract, and says which field', async () => {
    team.on(lead.run, async (_, task) => {
      await task.state(counted).merge({ total: 'many' as never });
      return { text: 'unexpected' };
    });
    const wf = await team.begin(1, { merges });
    await team.work();
    const failed = (await team.log.all(wf)).find(({ type }) => type === 'TaskFailed');
    expect(JSON.stringify(failed?.meta)).toContain('total');
    expect(await team.status(wf)).toBe('parked');
  });
});
