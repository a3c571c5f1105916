import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewEvent, RecordedEvent, TaskId, WorkflowId } from '@lockstep/kernel';
import { effect } from '../src/effects/definition.js';
import type { EffectSpec, ProbeAnswer } from '../src/effects/spec.js';
import { systemClock } from '../src/execution/clock.js';
import { lead, Team } from './team.js';

let team: Team;
/** What was done outside, as `<provider's key>:<input>`. */
let done: string[];

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(() => {
  done = [];
  team.handlers.clear();
  team.clock = { ...systemClock, random: () => 0 };
});

const once = (amount: number, { key }: { readonly key: string }): Promise<string> => {
  done.push(`${key}:${amount}`);
  return Promise.resolve(`receipt ${done.length} of ${key}`);
};

/** Has every workflow pay under this key, as much as its request says. */
function paying(key: string, spec: Partial<EffectSpec<number, string>> = {}): void {
  const pay = effect<number, string>('pay', {
    ...{ window: 400, timeout: 50, perform: once, ...spec },
  });
  team.on(lead.run, async ({ n }, task) => ({ text: await task.effect(pay, { key, input: n }) }));
}

async function answerOf(wf: WorkflowId): Promise<string | undefined> {
  const events = await team.log.all(wf);
  return events.findLast(({ type }) => type === 'TaskCompleted')?.data;
}

describe('an effect that two workflows ask for', () => {
  it('G5 E1: at the same time is done once, and the second adopts its receipt', async () => {
    const second = Promise.withResolvers<undefined>();
    paying('order-1', {
      timeout: 10_000,
      perform: async (amount, io) => {
        await second.promise;
        return once(amount, io);
      },
    });
    // Who finds the key held waits: by then both have asked.
    const delay = (_: number, signal: AbortSignal): Promise<void> => {
      second.resolve(undefined);
      return systemClock.delay(1, signal);
    };
    team.clock = { ...team.clock, delay };
    const wfs = await Promise.all([team.begin(5), team.begin(5)]);
    await team.work();
    expect(done).toEqual(['order-1:5']);
    const stories = await Promise.all(wfs.map((wf) => team.typesOf(wf, 'Effect')));
    expect(stories.map((story) => story.at(-1)).sort()).toEqual([
      'EffectAdopted',
      'EffectCommitted',
    ]);
    const answers = await Promise.all(wfs.map(answerOf));
    expect(answers).toEqual(answers.map(() => '{"text":"receipt 1 of order-1"}'));
  });

  it('E1: is adopted from the workflow and task that did it', async () => {
    paying('order-2');
    const first = await team.begin(5);
    await team.work();
    const second = await team.begin(5);
    await team.work();
    const adopted = (await team.log.all(second)).find(({ type }) => type === 'EffectAdopted');
    expect(adopted?.meta).toEqual({
      ...{ action: 'pay', key: 'order-2', occurrence: 1 },
      from: { workflow: first, task: 'r' },
    });
  });

  it('E1: with another input is a KeyConflict that names who has the key, and nothing is done', async () => {
    paying('order-3');
    const first = await team.begin(5);
    await team.work();
    const second = await team.begin(6);
    await team.work();
    const rejected = (await team.log.all(second)).find(
      (event): event is RecordedEvent<'EffectRejected'> => event.type === 'EffectRejected',
    );
    expect(rejected?.meta.error[0]).toMatchObject({
      ...{ code: 'KeyConflict', kind: 'rejected' },
      details: { action: 'pay', key: 'order-3', owner: { wf: first, task: 'r' } },
    });
    expect(done).toEqual(['order-3:5']);
  });

  it('G7: is another effect in another tenant, whatever its input', async () => {
    paying('order-4');
    const wfs = [
      await team.begin(5, { tenant: 'acme' }),
      await team.begin(5, { tenant: 'globex' }),
      await team.begin(6, { tenant: 'initech' }),
    ];
    await team.work();
    expect(done.sort()).toEqual(['order-4:5', 'order-4:5', 'order-4:6']);
    for (const wf of wfs)
      expect(await team.typesOf(wf, 'Effect')).toEqual(['EffectIntended', 'EffectCommitted']);
  });
});

describe('an effect in doubt', () => {
  /** Acts and never tells, the first time. */
  const silent: EffectSpec<number, string>['perform'] = async (amount, io) => {
    const receipt = await once(amount, io);
    if (done.length === 1) throw new Error('the answer was lost');
    return receipt;
  };
  const saying = (answer: ProbeAnswer<string>) => () => Promise.resolve(answer);

  it('E3: without a probe or a key that its provider honours is never repeated: a person says', async () => {
    paying('doubt-1', { perform: silent });
    const wf = await team.begin(5);
    await team.work();
    expect(done).toEqual(['doubt-1:5']);
    const parked = (await team.log.all(wf)).at(-1) as RecordedEvent<'TaskParked'>;
    expect(parked.meta.reason).toBe('EffectInDoubt');
    expect(parked.meta.error[0]?.message).toContain(
      'it has no probe, and its provider honours no key',
    );

    const settled: NewEvent = {
      ...{ type: 'EffectSettled', task: 'r' as TaskId, op: 1, data: '' },
      meta: { verdict: 'did-not-happen', by: 'ann' },
    };
    await team.store.resume(wf, 'c1', parked.version, [settled]);
    await team.work();
    expect(done).toEqual(['doubt-1:5', 'doubt-1:5']);
    expect(await answerOf(wf)).toBe('{"text":"receipt 2 of doubt-1"}');
  });

  it.each<[string, ProbeAnswer<string>, readonly string[]]>([
    ['is asked about first', { happened: true, receipt: 'found' }, ['doubt-2:5']],
    ['is repeated where its probe cannot say', 'unknown', ['doubt-2:5', 'doubt-2:5']],
  ])('E3: with a probe and a key that is honoured %s', async (_, answer, acts) => {
    paying('doubt-2', { perform: silent, deduplicates: true, probe: saying(answer) });
    const wf = await team.begin(5, { tenant: `tenant-${acts.length}` });
    await team.work();
    expect(done).toEqual(acts);
    expect(await team.typesOf(wf, 'Effect')).toEqual([
      'EffectIntended',
      'EffectInDoubt',
      'EffectCommitted',
    ]);
  });
});

describe('the key of an effect', () => {
  it('is refused where it is used, before anything is recorded of the effect', async () => {
    paying('two\nlines');
    const wf = await team.begin(5);
    await team.work();
    expect(await team.typesOf(wf, 'Effect')).toEqual([]);
    const failed = (await team.log.all(wf)).find(
      (event): event is RecordedEvent<'TaskFailed'> => event.type === 'TaskFailed',
    );
    expect(failed?.meta.error[0]).toMatchObject({
      ...{ code: 'InvalidName', details: { what: 'the key of effect pay' } },
    });
  });
});
