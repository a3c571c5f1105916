import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { planRedrive, type TaskId, type WorkflowId } from '@lockstep/kernel';
import { HeadReader } from '@lockstep/store';
import { helper, job, lead, Team } from './team.js';

describe('a task whose request a person has corrected', () => {
  let team: Team;
  beforeAll(async () => {
    team = await Team.start();
  });
  afterAll(() => team.stop());

  const correct = async (wf: WorkflowId, task: string, n: number): Promise<void> => {
    const events = await team.log.all(wf);
    const about = { task: task as TaskId, by: 'ann', reason: 'a typing error' };
    const corrected = { version: 1, body: JSON.stringify({ n }) };
    const plan = planRedrive(events, { ...about, corrected });
    const reply = await team.store.resume(wf, `correct ${n}`, events.length, plan);
    expect(reply.reply).toBe('ok');
  };

  it('G4 G8: gets it from then on, at every replay, and runs from its beginning', async () => {
    const asked: number[] = [];
    team.on(lead.run, async ({ n }, task) => {
      asked.push(n);
      const weighed = await task.step('weigh', () => n);
      const sure = await task.step(
        'check',
        () => {
          if (weighed < 0) throw new Error('less than nothing');
          return weighed;
        },
        { retry: { attempts: 1 } },
      );
      const { text } = await task.signal(job.signals.go);
      return { text: `${text} ${sure}` };
    });
    const wf = await team.begin(-1);
    await team.work();
    expect(await team.status(wf)).toBe('parked');
    await correct(wf, 'r', 7);
    await team.work();
    const meta = { name: 'go', id: 's1', version: 1 };
    await team.store.signal({ wf, id: 's1', name: 'go', meta, payload: '{"text":"yes"}' });
    await team.work();
    expect(await team.status(wf)).toBe('completed');
    expect(await team.answer(wf)).toBe('{"text":"yes 7"}');
    expect(asked).toEqual([-1, 7, 7]);
  });

  it('may be one that another called, whose call goes on with the answer', async () => {
    const ran: number[] = [];
    team.on(lead.run, async ({ n }, task) => {
      await task.step('before', () => ran.push(n));
      const { n: twice } = await task.call(helper.double, { n });
      return { text: String(twice) };
    });
    team.on(helper.double, async ({ n }) => {
      await Promise.resolve();
      if (n < 0) throw new Error('less than nothing');
      return { n: 2 * n };
    });
    const wf = await team.begin(-1);
    await team.work();
    await correct(wf, 'r.2', 3);
    await team.work();
    expect(await team.answer(wf)).toBe('{"text":"6"}');
    expect(ran).toEqual([-1]);
  });

  it('can be corrected again, and the last request counts', async () => {
    team.on(lead.run, async ({ n }) => {
      await Promise.resolve();
      if (n < 0) throw new Error('less than nothing');
      return { text: String(n) };
    });
    const wf = await team.begin(-1);
    await team.work();
    await correct(wf, 'r', -2);
    await team.work();
    await correct(wf, 'r', 5);
    const heads = new HeadReader(team.redis, team.store.partitions);
    const version = (await heads.requestAt(wf, 'r' as TaskId)) ?? 0;
    expect((await team.log.all(wf, version, version))[0]?.data).toBe('{"n":5}');
    await team.work();
    expect(await team.answer(wf)).toBe('{"text":"5"}');
  });
});
