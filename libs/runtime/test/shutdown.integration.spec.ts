import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { effect } from '../src/effects/definition.js';
import { ShuttingDown } from '../src/worker/claimed-task.js';
import { lead, Team } from './team.js';

let team: Team;

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(() => {
  team.handlers.clear();
});

describe('a clean shutdown', () => {
  it('hands a task back after what is in flight has come to its end', async () => {
    const done: string[] = [];
    const pay = effect<number, string>('pay', {
      ...{ window: 300, timeout: 5000 },
      perform: async (amount, { key }) => {
        team.held.get('r')!.abort(new ShuttingDown('SIGTERM'));
        await new Promise((resolve) => setTimeout(resolve, 20));
        done.push(`${key}:${amount}`);
        return `receipt ${key}`;
      },
    });
    let next = 0;
    team.on(lead.run, async (_, task) => {
      const text = await task.effect(pay, { key: 'shutdown', input: 1 });
      await task.step('next', () => (next += 1));
      return { text };
    });
    const wf = await team.begin();
    const [claimed] = await team.take('lead');
    await team.run(claimed!);
    expect(await team.story(wf)).toEqual(
      expect.arrayContaining(['EffectCommitted r 1', 'TaskReleased r']),
    );
    expect(next).toBe(0);
    await team.work();
    expect(done).toEqual(['shutdown:1']);
    expect(await team.status(wf)).toBe('completed');
  });
});

describe('a shutdown that a step outlasts', () => {
  it('stops the step and hands its task back all the same', async () => {
    team.graceMs = 20;
    let stopped = 0;
    let first = true;
    team.on(lead.run, async (_, task) => {
      const text = await task.step('long', async ({ signal }) => {
        if (!first) return 'done at last';
        first = false;
        team.held.get('r')!.abort(new ShuttingDown('SIGTERM'));
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        stopped += 1;
        return 'too late';
      });
      return { text };
    });
    const wf = await team.begin();
    const [claimed] = await team.take('lead');
    await team.run(claimed!);
    expect(stopped).toBe(1);
    expect(await team.eventsOf(wf, 'TaskReleased')).toHaveLength(1);
    await team.work();
    expect(await team.answer(wf)).toBe('{"text":"done at last"}');
  });
});
