import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CallFailed,
  NotPerformed,
  Rejected,
  type RecordedEvent,
  type WorkflowId,
} from '@lockstep/kernel';
import { effect } from '../src/effects/definition.js';
import { helper, job, lead, Team } from './team.js';

let team: Team;

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(() => {
  team.handlers.clear();
  team.claims.length = 0;
});

const last = async (wf: WorkflowId): Promise<RecordedEvent> => (await team.log.all(wf)).at(-1)!;

describe('the execution of a task', () => {
  it('G4: runs steps and records each result once', async () => {
    let runs = 0;
    team.on(lead.run, async ({ n }, task) => {
      const one = await task.step('one', () => ((runs += 1), n + 1));
      const two = await task.step('two', () => one * 10);
      return { text: String(two) };
    });
    const wf = await team.begin(1);
    await team.work();
    expect(await team.story(wf)).toEqual([
      'WorkflowStarted',
      'TaskScheduled r',
      'TaskStarted r',
      'StepCompleted r 1',
      'StepCompleted r 2',
      'TaskCompleted r',
      'WorkflowCompleted',
    ]);
    expect(runs).toBe(1);
    expect(await team.status(wf)).toBe('completed');
  });

  it('G4: goes on at the step where a crash stopped it, and repeats none that is recorded', async () => {
    const ran: string[] = [];
    let crash = true;
    team.on(lead.run, async (_, task) => {
      await task.step('one', () => ran.push('one'));
      await task.step('two', () => {
        ran.push('two');
        if (crash) team.kill();
      });
      await task.step('three', () => ran.push('three'));
      return { text: 'done' };
    });
    const wf = await team.begin();
    await team.work();
    expect(await team.status(wf)).toBe('running');
    crash = false;
    await team.store.reap(0, 10, [team.worker]);
    await team.store.heartbeat(0, team.worker, 2, 60_000, []);
    await team.work();
    expect(ran).toEqual(['one', 'two', 'two', 'three']);
    expect(await team.status(wf)).toBe('completed');
  });

  it('G4: goes on where a branch asks for something a microtask later than the others', async () => {
    let crash = true;
    team.on(lead.run, async (_, task) => {
      const first = task.step('first', async () => {
        if (crash) await new Promise(() => undefined);
      });
      const later = Promise.resolve().then(() => task.step('later', () => undefined));
      later.then(
        () => crash && team.kill(),
        () => undefined,
      );
      await Promise.all([first, later]);
      return { text: 'done' };
    });
    const wf = await team.begin();
    await team.work();
    crash = false;
    await team.store.reap(0, 10, [team.worker]);
    await team.store.heartbeat(0, team.worker, 2, 60_000, []);
    await team.work();
    expect(await team.status(wf)).toBe('completed');
  });

  it('calls another role, and holds no worker while it waits', async () => {
    team.on(lead.run, async ({ n }, task) => {
      const { n: doubled } = await task.call(helper.double, { n });
      return { text: String(doubled) };
    });
    team.on(helper.double, ({ n }) => Promise.resolve({ n: 2 * n }));
    const wf = await team.begin(21);
    await team.work();
    expect(team.claims).toEqual(['r@1', 'r.1@1', 'r@2']);
    expect(await team.answer(wf)).toBe('{"text":"42"}');
  });

  it('wakes a task that waits for all of a fan-out once', async () => {
    team.on(lead.run, async (_, task) => {
      const calls = Array.from({ length: 50 }, (_unused, n) => task.call(helper.double, { n }));
      const results = await task.all(calls);
      return { text: results.map(({ n }) => n).join(' ') };
    });
    team.on(helper.double, ({ n }) => Promise.resolve({ n: 2 * n }));
    const wf = await team.begin();
    await team.work();
    expect(team.claims.filter((claim) => claim.startsWith('r@'))).toEqual(['r@1', 'r@2']);
    expect(await team.status(wf)).toBe('completed');
  });

  it('sleeps by a durable timer', async () => {
    team.on(lead.run, async (_, task) => {
      await task.sleep(1);
      return { text: 'awake' };
    });
    const wf = await team.begin();
    for (let i = 0; i < 100 && (await team.status(wf)) === 'running'; i += 1) await team.work();
    expect(await team.story(wf)).toContain('TimerFired r 1');
    expect(await team.status(wf)).toBe('completed');
  });

  it('hands the workflow to another role, whose result is its own', async () => {
    team.on(lead.run, ({ n }, task) => task.handoff(helper.tell, { n }));
    team.on(helper.tell, ({ n }) => Promise.resolve({ text: `told ${n}` }));
    const wf = await team.begin(3);
    await team.work();
    const events = await team.log.all(wf);
    expect(events.at(-2)).toMatchObject({
      type: 'TaskCompleted',
      task: 'r.1',
      data: '{"text":"told 3"}',
    });
    expect(await team.status(wf)).toBe('completed');
  });

  it('rejects the call of a task that failed, for the caller to catch', async () => {
    team.on(lead.run, async ({ n }, task) => {
      try {
        await task.call(helper.fail, { n });
      } catch (error) {
        return { text: error instanceof CallFailed ? error.chain[0]!.message : 'other' };
      }
      return { text: 'unexpected' };
    });
    team.on(helper.fail, () => Promise.reject(new Error('no such number')));
    const wf = await team.begin();
    await team.work();
    expect(await team.answer(wf)).toBe('{"text":"no such number"}');
  });

  it('G6: parks the workflow when nobody caught a failure, with a dead letter of the role where it began', async () => {
    team.on(lead.run, async ({ n }, task) => {
      const result = await task.call(helper.fail, { n });
      return { text: String(result.n) };
    });
    team.on(helper.fail, () => Promise.reject(new Error('no such number')));
    const wf = await team.begin();
    await team.work();
    expect(await team.status(wf)).toBe('parked');
    expect((await last(wf)).type).toBe('WorkflowParked');
    const letters = await team.redis.xrange(team.store.partitions.dead(0, 'helper'), '-', '+');
    expect(letters.map(([, fields]) => fields.slice(0, 4))).toContainEqual([
      'wf',
      wf,
      'task',
      'r.1',
    ]);
    const asked = (await team.log.all(wf)).find(({ task }) => task === 'r.1');
    expect(JSON.parse(letters.at(-1)![1].at(-1)!)).toMatchObject({ seenUpTo: asked!.version });
  });

  it('takes a signal that came before anybody waited for it', async () => {
    team.on(lead.run, async (_, task) => ({ text: (await task.signal(job.signals.go)).text }));
    const wf = await team.begin();
    const meta = { name: 'go', id: 's1', version: 1 };
    await team.store.signal({ wf, id: 's1', name: 'go', meta, payload: '{"text":"early"}' });
    await team.work();
    expect(await team.answer(wf)).toBe('{"text":"early"}');
  });

  it('wakes for a signal that comes while it waits', async () => {
    team.on(lead.run, async (_, task) => ({ text: (await task.signal(job.signals.go)).text }));
    const wf = await team.begin();
    await team.work();
    expect(await team.status(wf)).toBe('running');
    const meta = { name: 'go', id: 's1', version: 1 };
    await team.store.signal({ wf, id: 's1', name: 'go', meta, payload: '{"text":"late"}' });
    await team.work();
    expect(await team.answer(wf)).toBe('{"text":"late"}');
  });

  it('G8: parks a task whose handler asks for another operation than its history has', async () => {
    let changed = false;
    team.on(lead.run, async (_, task) => {
      await task.step(changed ? 'new' : 'old', () => 1);
      await task.call(helper.double, { n: 1 });
      return { text: 'done' };
    });
    const wf = await team.begin();
    const [first] = await team.take('lead');
    await team.run(first!);
    changed = true;
    team.on(helper.double, ({ n }) => Promise.resolve({ n }));
    await team.work();
    expect(await team.status(wf)).toBe('parked');
    const parked = (await last(wf)) as RecordedEvent<'TaskParked'>;
    expect(parked.meta.error[0]?.message).toContain(
      '«step new» now, and «step old» in its history',
    );
  });
});

describe('an effect', () => {
  const outside = { done: [] as string[], fail: [] as unknown[] };
  const pay = effect<{ amount: number }, { id: string }>('pay', {
    window: '1s',
    timeout: 100,
    perform: ({ amount }, { key }) => {
      const failure = outside.fail.shift();
      if (failure === 'after') outside.done.push(`${key}:${amount}`);
      if (failure !== undefined)
        return Promise.reject(failure === 'after' ? new Error('cut') : (failure as Error));
      outside.done.push(`${key}:${amount}`);
      return Promise.resolve({ id: `receipt of ${key}` });
    },
    probe: (_, { key }) =>
      Promise.resolve(
        outside.done.some((done) => done.startsWith(`${key}:`))
          ? { happened: true, receipt: { id: `receipt of ${key}` } }
          : { happened: false },
      ),
    retry: { baseMs: 1 },
  });

  beforeEach(() => {
    outside.done.length = 0;
    outside.fail.length = 0;
  });

  async function payOnce(key: string, amount = 5): Promise<WorkflowId> {
    team.on(lead.run, async (_, task) => {
      const { id } = await task.effect(pay, { key, input: { amount } });
      return { text: id };
    });
    const wf = await team.begin();
    await team.work();
    return wf;
  }

  it('G5: leaves an intent before and a receipt behind', async () => {
    const wf = await payOnce('order-1');
    expect(await team.story(wf)).toEqual(
      expect.arrayContaining(['EffectIntended r 1', 'EffectCommitted r 1']),
    );
    expect(outside.done).toEqual(['order-1:5']);
  });

  it('G5: is tried again when nothing happened', async () => {
    outside.fail.push(new NotPerformed('busy'));
    const wf = await payOnce('order-2');
    expect(outside.done).toEqual(['order-2:5']);
    expect(await team.story(wf)).toContain('EffectNotPerformed r 1');
    expect(await team.status(wf)).toBe('completed');
  });

  it('G5: in doubt it is probed, and not repeated when it happened', async () => {
    outside.fail.push('after');
    const wf = await payOnce('order-3');
    expect(outside.done).toEqual(['order-3:5']);
    expect(await team.story(wf)).toEqual(
      expect.arrayContaining(['EffectInDoubt r 1', 'EffectCommitted r 1']),
    );
    expect(await team.status(wf)).toBe('completed');
  });

  it('G5: in doubt it is probed, and repeated when it did not happen', async () => {
    outside.fail.push(new Error('cut before'));
    const wf = await payOnce('order-4');
    expect(outside.done).toEqual(['order-4:5']);
    expect(await team.status(wf)).toBe('completed');
  });

  it('goes to the handler when the outside said a definite no', async () => {
    outside.fail.push(new Rejected('too poor'));
    const wf = await payOnce('order-5');
    const parked = (await last(wf)) as RecordedEvent<'WorkflowParked'>;
    expect(parked.meta.error?.[0]).toMatchObject({ code: 'Rejected', message: 'too poor' });
  });

  it('G5: one key is done once for two workflows, the second adopts the receipt', async () => {
    await payOnce('order-6');
    const second = await payOnce('order-6');
    expect(outside.done).toEqual(['order-6:5']);
    expect(await team.story(second)).toContain('EffectAdopted r 1');
  });

  it('refuses the same key with another input', async () => {
    await payOnce('order-7', 5);
    const second = await payOnce('order-7', 6);
    const parked = (await last(second)) as RecordedEvent<'WorkflowParked'>;
    expect(parked.meta.error?.[0]?.code).toBe('KeyConflict');
  });
});
