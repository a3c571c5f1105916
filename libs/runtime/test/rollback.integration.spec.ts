import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { role, task } from '@lockstep/contracts';
import {
  planRedrive,
  planSkip,
  type RecordedEvent,
  type TaskId,
  type Version,
  type WorkflowId,
} from '@lockstep/kernel';
import { randomClaimId, randomWorkflowId, ROOT_TASK, type StartPolicy } from '@lockstep/store';
import {
  type AnyEffect,
  effect,
  type EffectDefinition,
  Rejected,
  type Reverse,
} from '../src/index.js';
import { ClaimLost } from '../src/worker/claimed-task.js';
import { helper, lead, Numbered, Team, Text } from './team.js';

const COMPENSATE: StartPolicy = { onFailure: 'compensate', escalate: null, after: null };

let team: Team;
/** What was done outside, in order. */
let done: string[];

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(() => {
  team.handlers.clear();
  team.effects.clear();
  done = [];
});

const putBack: Reverse<string> = {
  perform: (receipt, { key }) => {
    done.push(`${key} takes back ${receipt}`);
    return Promise.resolve('back');
  },
};

/** Books what it is asked; listed, so that a rollback finds it. */
function booking(
  action: string,
  compensate: Reverse<string> | null = putBack,
): EffectDefinition<string, string> {
  const spec = {
    window: 50,
    timeout: 50,
    perform: (input: string, { key }: { readonly key: string }) => {
      done.push(`${key} books ${input}`);
      return Promise.resolve(input);
    },
    ...(compensate && { compensate }),
  };
  const made = effect<string, string>(action, spec);
  team.listing(made as AnyEffect);
  return made;
}

const begin = (): Promise<WorkflowId> => team.begin(1, { policy: COMPENSATE });
const log = (wf: WorkflowId): Promise<RecordedEvent[]> => team.log.all(wf);
const lastVersion = async (wf: WorkflowId): Promise<Version> => (await log(wf)).at(-1)!.version;

describe('a failure that nobody catches', () => {
  it('G6: is undone in reverse order of commit, over roles and concurrent branches', async () => {
    const seat = booking('seat');
    team.on(helper.double, async ({ n }, task) => {
      await task.effect(seat, { key: `a${n}`, input: `seat ${n}` });
      return { n };
    });
    team.on(lead.run, async (_, task) => {
      await task.effect(seat, { key: 'own', input: 'seat 0' });
      await Promise.all([task.call(helper.double, { n: 1 }), task.call(helper.double, { n: 2 })]);
      throw new Rejected('sold out');
    });
    const wf = await begin();
    await team.work();
    const keys = (await log(wf)).flatMap((event) =>
      event.type === 'EffectCommitted' && !event.task.startsWith('~') ? [event.meta.key] : [],
    );
    const undone = done.slice(3).map((line) => line.split(' ')[0]);
    expect(keys).toHaveLength(3);
    expect(undone).toEqual(keys.reverse().map((key) => `undo:${key}`));
    expect(await team.view(wf)).toMatchObject({
      status: 'failed',
      rollback: { reason: 'Uncaught', by: 'policy', undone: 3, left: 0 },
      defect: null,
    });
  });

  it('E1: opens the next occurrence of each key behind it', async () => {
    const seat = booking('reopened');
    let fails = true;
    team.on(lead.run, async (_, task) => {
      await task.effect(seat, { key: 'k', input: fails ? 'first' : 'second' });
      if (fails) throw new Rejected('no');
      return { text: 'done' };
    });
    await begin();
    await team.work();
    fails = false;
    expect(await team.status(await begin())).toBe('running');
    await team.work();
    expect(done).toEqual(['k books first', 'undo:k takes back first', 'k~2 books second']);
  });

  it('E1: undoes each occurrence of a key by a key of its own', async () => {
    const seat = booking('again');
    team.on(lead.run, async (_, task) => {
      await task.effect(seat, { key: 'k', input: 'a seat' });
      throw new Rejected('no');
    });
    for (let round = 1; round <= 2; round += 1) {
      const wf = await begin();
      await team.work();
      expect(await team.status(wf)).toBe('failed');
    }
    expect(done).toEqual([
      ...['k books a seat', 'undo:k takes back a seat'],
      ...['k~2 books a seat', 'undo-2:k takes back a seat'],
    ]);
  });

  it('G5: does it again, under the next occurrence, when its id is used for another job', async () => {
    const seat = booking('second-life');
    let isFirst = true;
    team.on(lead.run, async (_, task) => {
      await task.effect(seat, { key: 'k', input: 'a seat' });
      if (isFirst) throw new Rejected('no');
      return { text: 'booked' };
    });
    const wf = await begin();
    await team.work();
    expect(await team.status(wf)).toBe('failed');
    await team.forget(wf);
    isFirst = false;
    await team.begin(1, { policy: COMPENSATE, wf });
    await team.work();
    expect(await team.status(wf)).toBe('completed');
    expect(done).toEqual(['k books a seat', 'undo:k takes back a seat', 'k~2 books a seat']);
  });

  it('E1: has nobody adopt a receipt, or use its key again, while it is undone', async () => {
    const other = { wf: randomWorkflowId(), task: ROOT_TASK, claim: randomClaimId(), epoch: 1 };
    const found: string[] = [];
    const ask = async (): Promise<string> => {
      const asked = {
        tenant: 'acme',
        action: 'closing',
        key: 'k',
        inputDigest: 'd',
        scheduledAtMs: 1,
      };
      found.push((await team.store.ledger.reserve({ ...asked, ...other })).reply);
      return 'back';
    };
    const seat = booking('closing', { perform: ask });
    team.on(lead.run, async (_, task) => {
      await task.effect(seat, { key: 'k', input: 'seat' });
      throw new Rejected('no');
    });
    await begin();
    await team.work();
    await ask();
    expect(found).toEqual(['held', 'reserved']);
  });

  it('E1: leaves a receipt alone that it only adopted', async () => {
    const seat = booking('shared');
    let fails = false;
    team.on(lead.run, async (_, task) => {
      await task.effect(seat, { key: 'k', input: 'seat' });
      if (fails) throw new Rejected('no');
      return { text: 'done' };
    });
    await begin();
    await team.work();
    fails = true;
    const adopter = await begin();
    await team.work();
    expect(await team.status(adopter)).toBe('failed');
    expect(done).toEqual(['k books seat']);
  });

  it('lets stand what need not be undone', async () => {
    const mail = booking('mail', 'not-needed');
    team.on(lead.run, async (_, task) => {
      await task.effect(mail, { key: 'm', input: 'hello' });
      throw new Rejected('no');
    });
    const wf = await begin();
    await team.work();
    expect(await team.view(wf)).toMatchObject({ status: 'failed', effects: [{ status: 'done' }] });
  });

  it('is undone by another role, which may ask a third and act itself', async () => {
    const desk = role('helper', { tell: task(Numbered, Text), double: task(Numbered, Numbered) });
    const notice = booking('notice');
    const stock = effect<number, Numbered>('stock', {
      perform: (n) => Promise.resolve({ n }),
      compensate: desk.tell,
    });
    team.listing(stock as AnyEffect);
    team.on(desk.double, ({ n }) => Promise.resolve({ n: 2 * n }));
    team.on(desk.tell, async ({ n }, task) => {
      const { n: twice } = await task.call(desk.double, { n });
      return { text: await task.effect(notice, { key: `n${n}`, input: `put back ${twice}` }) };
    });
    team.on(lead.run, async (_, task) => {
      await task.effect(stock, { key: 's', input: 21 });
      throw new Rejected('no');
    });
    const wf = await begin();
    await team.work();
    expect(done).toEqual(['n21 books put back 42']);
    expect(await team.view(wf)).toMatchObject({
      status: 'failed',
      rollback: { undone: 1, left: 0 },
    });
  });
});

describe('a rollback that cannot go on', () => {
  let used = 0;
  const refused: Reverse<string> = { perform: () => Promise.reject(new Rejected('too late')) };

  async function stuck(compensate: Reverse<string> | null): Promise<WorkflowId> {
    const first = booking('first');
    const last = booking('last', compensate);
    used += 1;
    const keys = { first: `one-${used}`, last: `two-${used}` };
    team.on(lead.run, async (_, task) => {
      await task.effect(first, { key: keys.first, input: 'one' });
      await task.effect(last, { key: keys.last, input: 'two' });
      throw new Rejected('no');
    });
    const wf = await begin();
    await team.work();
    return wf;
  }

  it('G6: waits for a person, and says what is undone and what is not', async () => {
    const wf = await stuck(refused);
    const found = await team.view(wf);
    expect(found).toMatchObject({ status: 'parked', rollback: { undone: 0, left: 2 } });
    const [waiting] = found.parked;
    expect(waiting).toMatchObject({ reason: 'CompensationFailed', role: 'lead' });
    expect(waiting?.error[0]).toMatchObject({ message: 'too late' });
    expect(waiting?.options.map(({ action }) => action)).toEqual(['redrive', 'skip']);
  });

  it('G4: goes on with what failed when a person runs it again', async () => {
    const reverse = { perform: () => Promise.reject(new Rejected('too late')) };
    const wf = await stuck(reverse);
    reverse.perform = () => {
      done.push('after all');
      return Promise.resolve('back') as never;
    };
    const [{ task }] = (await team.view(wf)).parked as unknown as [{ task: TaskId }];
    const version = await lastVersion(wf);
    await team.store.resume(
      wf,
      'd1',
      version,
      planRedrive(await log(wf), { task, reason: 'again', by: 'ann' }),
    );
    await team.work();
    expect(done.slice(2)).toEqual(['after all', `undo:one-${used} takes back one`]);
    expect(await team.status(wf)).toBe('failed');
  });

  it('goes on behind what a person has undone by hand', async () => {
    const wf = await stuck(null);
    const [{ task, error }] = (await team.view(wf)).parked as unknown as [
      { task: TaskId; error: [{ code: string }] },
    ];
    expect(error[0].code).toBe('CannotUndo');
    const skip = { task, value: 'null', reason: 'I called them', by: 'ann' };
    await team.store.resume(wf, 's1', await lastVersion(wf), planSkip(await log(wf), skip));
    await team.work();
    expect(done.slice(2)).toEqual([`undo:one-${used} takes back one`]);
    expect(await team.view(wf)).toMatchObject({
      status: 'failed',
      rollback: { undone: 2, left: 0 },
    });
  });

  it('G5: asks the outside world when its worker was killed after it acted', async () => {
    let kill = true;
    const wf = await stuck({
      ...{ window: 50, timeout: 50 },
      perform: () => {
        done.push('took back');
        if (kill) team.held.forEach((hold) => hold.abort(new ClaimLost('killed')));
        kill = false;
        return Promise.resolve('back');
      },
      probe: () => Promise.resolve({ happened: true, receipt: 'back' }),
    });
    await team.reap();
    await team.work();
    expect(done.slice(2)).toEqual(['took back', `undo:one-${used} takes back one`]);
    expect(await team.status(wf)).toBe('failed');
  });
});

describe('an effect that can be undone', () => {
  it('is refused where a rollback would not find it', async () => {
    const seat = booking('hidden');
    team.effects.clear();
    team.on(lead.run, async (_, task) => ({
      text: await task.effect(seat, { key: 'k', input: 'seat' }),
    }));
    const wf = await begin();
    await team.work();
    expect(done).toEqual([]);
    expect((await team.view(wf)).rollback?.error[0]).toMatchObject({ code: 'UnlistedEffect' });
  });
});

describe('an operation that a person skips', () => {
  it('G4: has the result that the person gives, and nothing else is done again', async () => {
    team.on(lead.run, async (_, task) => {
      const first = await task.step('first', () => {
        done.push('first');
        return 'a';
      });
      const second = await task.step<string>('second', () => {
        throw new Rejected('never');
      });
      return { text: `${first} ${second}` };
    });
    const wf = await team.begin();
    await team.work();
    const skip = { task: 'r' as TaskId, op: 2, value: '"b"', reason: 'known', by: 'ann' };
    expect(() => planSkip([], skip)).toThrow('no task r');
    await team.store.resume(wf, 's1', await lastVersion(wf), planSkip(await log(wf), skip));
    await team.work();
    const completed = (await log(wf)).find(({ type }) => type === 'TaskCompleted');
    expect(completed?.data).toBe('{"text":"a b"}');
    expect(done).toEqual(['first']);
    expect(await team.view(wf)).toMatchObject({ status: 'completed', defect: null });
  });

  it('is the one that ended the task, and no other', async () => {
    team.on(lead.run, async (_, task) => {
      await task.step('only', () => {
        throw new Rejected('never');
      });
      return { text: '' };
    });
    const wf = await team.begin();
    await team.work();
    const events = await log(wf);
    const skip = { task: 'r' as TaskId, value: '1', reason: 'known', by: 'ann' };
    expect(() => planSkip(events, { ...skip, op: 2 })).toThrow('its operation 1 failed, and not 2');
    expect(() => planSkip(events.slice(0, 3), skip)).toThrow('cannot be run again');
  });
});
