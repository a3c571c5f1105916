import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Sum, workflow } from '@lockstep/contracts';
import type { EventType, WorkflowId } from '@lockstep/kernel';
import type { TaskContext } from '../src/context/task-context.js';
import { effect } from '../src/effects/definition.js';
import { helper, job, lead, Team } from './team.js';

let team: Team;

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());

class Progress {
  @Sum() total!: number;
}
const counted = workflow('job', { root: lead.run, state: Progress });

/** Kills its process when it has acted, so that its outcome is in doubt. */
const pay = effect<number, string>('pay', {
  window: 300,
  timeout: 50,
  perform: () => {
    for (const held of team.held.keys()) team.kill(held);
    return Promise.resolve('lost');
  },
  probe: () => Promise.resolve({ happened: true, receipt: 'found' }),
});

type GoOn = (task: TaskContext) => Promise<unknown>;

const WAYS: readonly (readonly [string, GoOn])[] = [
  ['runs a step', (task) => task.step('more', () => 1)],
  ['begins an effect', (task) => task.effect(pay, { key: 'another', input: 1 })],
  ['calls', (task) => task.call(helper.double, { n: 1 })],
  ['hands off', (task) => task.handoff(helper.tell, { n: 1 })],
  ['sleeps', (task) => task.sleep('1 h')],
  ['waits for a signal', (task) => task.signal(job.signals.go)],
  ['changes the state', (task) => task.state(counted).merge({ total: 1 })],
  ['sets a savepoint', (task) => task.savepoint('paid')],
  ['asks whether it is patched', (task) => task.patched('changed')],
  [
    'gives up a call',
    async (task): Promise<unknown> => {
      const call = task.call(helper.double, { n: 1 });
      task.cancel(call, 'not needed');
      return call;
    },
  ],
];

/** What a log has since an event of this type, that one included. */
async function since(wf: WorkflowId, type: EventType): Promise<string[]> {
  const types = (await team.log.all(wf)).map((event) => event.type);
  return types.slice(types.indexOf(type));
}

describe('a task that is cancelled while its effect is in doubt', () => {
  it.each(WAYS)('G6: begins nothing more when its handler then %s', async (way, goOn) => {
    team.on(lead.run, async (_, task) => {
      await task.effect(pay, { key: way, input: 7 });
      await goOn(task);
      return { text: 'went on' };
    });
    const wf = await team.begin();
    await team.work();
    await team.cancel(wf);
    await team.work();
    const ended = ['EffectCommitted', 'TaskCancelled', 'WorkflowCancelled'];
    expect(await since(wf, 'EffectCommitted')).toEqual(ended);
  });

  it('G6: leaves nobody behind where the workflow that gave it up goes on without it', async () => {
    team.on(lead.run, async (_, task) => {
      const call = task.call(helper.double, { n: 1 });
      await task.signal(job.signals.go);
      task.cancel(call, 'another was first');
      return { text: 'done' };
    });
    team.on(helper.double, async (_, task) => {
      await task.effect(pay, { key: 'given up', input: 7 });
      return task.call(helper.double, { n: 1 });
    });
    const wf = await team.begin();
    await team.work();
    const meta = { name: 'go', id: 's1', version: 1 };
    await team.store.signal({ wf, id: 's1', name: 'go', meta, payload: '{"text":"now"}' });
    await team.work();
    expect(await since(wf, 'WorkflowCompleted')).toEqual([
      ...['WorkflowCompleted', 'TaskStarted', 'EffectCommitted', 'TaskCancelled'],
    ]);
    expect(await team.redis.hget(team.store.partitions.head(wf), 'open')).toBe('0');
  });
});
