import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import { type DeadLetter, DeadLetterReader, NewerLayout } from '@lockstep/store';
import { effect } from '../src/index.js';
import { helper, lead, Team } from './team.js';

const once = { retry: { attempts: 1 } } as const;

describe('a dead letter', () => {
  let team: Team;
  beforeAll(async () => {
    team = await Team.start();
  });
  afterAll(() => team.stop());
  beforeEach(() => {
    team.handlers.clear();
  });

  const letterOf = async (wf: WorkflowId, role: string): Promise<DeadLetter> => {
    const reader = new DeadLetterReader(team.redis, team.store.partitions);
    const { letters } = await reader.list({ tenant: 'acme', role }, { limit: 10 });
    const letter = letters.find((each) => each.wf === wf);
    if (!letter) throw new Error(`${wf} has no dead letter at ${role}`);
    return letter;
  };
  const ended = async (): Promise<WorkflowId> => {
    const wf = await team.begin();
    await team.work();
    expect(await team.status(wf)).toBe('parked');
    return wf;
  };

  it('G6: lies with the role where an uncaught failure began, and tells what that task did and saw', async () => {
    team.on(lead.run, async ({ n }, task) => {
      const { n: twice } = await task.call(helper.double, { n });
      return { text: String(twice) };
    });
    team.on(helper.double, async ({ n }, task) => {
      await task.step('weigh', () => n);
      return task.step('count', () => Promise.reject(new TypeError('7 is no number')), once);
    });
    const wf = await ended();
    const letter = await letterOf(wf, 'helper');
    expect(letter).toMatchObject({ task: 'r.1', type: 'job', tenant: 'acme' });
    expect(letter.meta).toMatchObject({
      ...{ reason: 'Uncaught', name: 'double', operation: 'step count', attempts: 1 },
      error: [{ code: 'TypeError', message: '7 is no number' }],
    });
    const seen = (await team.log.all(wf)).find(({ version }) => version === letter.meta.seenUpTo);
    expect(seen).toMatchObject({ type: 'StepFailed', task: 'r.1' });
    expect(letter.cause).toMatchObject({ role: 'helper', message: '# is no number' });
  });

  it('G6: is written for an effect in doubt', async () => {
    const pay = effect<number, string>('pay', {
      perform: () => Promise.reject(new Error('cut off')),
      probe: () => Promise.resolve('unknown'),
      window: 1,
      timeout: 1,
    });
    team.clock = { ...team.clock, delay: () => Promise.resolve() };
    team.on(lead.run, async (_, task) => ({
      text: await task.effect(pay, { key: 'order-1', input: 1 }),
    }));
    const { meta } = await letterOf(await ended(), 'lead');
    expect(meta).toMatchObject({ reason: 'EffectInDoubt', name: 'run', operation: 'effect pay' });
  });

  it('G6: is written when the code does not fit the history', async () => {
    let name = 'before';
    team.on(lead.run, async ({ n }, task) => {
      await task.step(name, () => n);
      name = 'after';
      await task.call(helper.double, { n });
      return { text: 'done' };
    });
    team.on(helper.double, (request) => Promise.resolve(request));
    const { meta } = await letterOf(await ended(), 'lead');
    expect(meta).toMatchObject({ reason: 'NonDeterminism', operation: 'step before', attempts: 2 });
  });

  it('G6: is written for a defect', async () => {
    const append = team.store.append.bind(team.store);
    const broken = jest.spyOn(team.store, 'append').mockImplementation((change) => {
      const fails = change.items.some(({ event }) => event.type === 'TaskFailed');
      return fails ? Promise.reject(new NewerLayout(9)) : append(change);
    });
    team.on(lead.run, () => Promise.reject(new Error('no')));
    const { meta } = await letterOf(await ended(), 'lead');
    broken.mockRestore();
    expect(meta).toMatchObject({ reason: 'Defect', error: [{ code: 'NewerLayout' }] });
  });

  it('has the same cause group as another of the same error at the same place, and no other', async () => {
    team.on(lead.run, ({ n }, task) =>
      task.step('look', () => Promise.reject(new Error(`order ${n} is gone`)), once),
    );
    const groups: string[] = [];
    for (const n of [1, 22]) {
      const wf = await team.begin(n);
      await team.work();
      groups.push((await letterOf(wf, 'lead')).group);
    }
    team.on(lead.run, () => Promise.reject(new Error('order 1 is gone')));
    groups.push((await letterOf(await ended(), 'lead')).group);
    expect(groups[1]).toBe(groups[0]);
    expect(groups[2]).not.toBe(groups[0]);
  });
});
