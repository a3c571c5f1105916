import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RecordedEvent, WorkflowId } from '@lockstep/kernel';
import { effect } from '../src/effects/definition.js';
import { systemClock } from '../src/execution/clock.js';
import { lead, Team } from './team.js';

const WINDOW_MS = 200;
const TIMEOUT_MS = 100;

let team: Team;
let done: string[];

beforeAll(async () => {
  team = await Team.start();
});
afterAll(() => team.stop());
beforeEach(() => {
  done = [];
  team.clock = systemClock;
});

/** Has one task pay under a key; `meanwhile` runs inside each act. */
async function paying(key: string, meanwhile: () => void = () => undefined): Promise<WorkflowId> {
  const pay = effect<number, string>('pay', {
    window: WINDOW_MS,
    timeout: TIMEOUT_MS,
    perform: (_, { key: reference }) => {
      done.push(reference);
      meanwhile();
      return Promise.resolve('paid');
    },
    probe: (_, { key: reference }) =>
      Promise.resolve(
        done.includes(reference) ? { happened: true, receipt: 'paid' } : { happened: false },
      ),
  });
  team.on(lead.run, async (_, task) => ({ text: await task.effect(pay, { key, input: 1 }) }));
  return team.begin();
}

async function lateAttempts(wf: WorkflowId): Promise<number> {
  const events = await team.log.all(wf);
  const given = events.filter(
    (event): event is RecordedEvent<'EffectNotPerformed'> => event.type === 'EffectNotPerformed',
  );
  return given.filter(({ meta }) => meta.error[0]?.code === 'WindowClosed').length;
}

describe('the window of an attempt', () => {
  it.each([
    ['monotonicMs', WINDOW_MS],
    ['wallMs', WINDOW_MS],
    ['wallMs', -1],
  ] as const)(
    'E5: has closed once %s went on by %p ms, and nothing is done',
    async (name, byMs) => {
      let now = 1000;
      team.clock = { ...systemClock, [name]: () => now };
      // The window is open by then, and checked behind it: only the first attempt meets the jump.
      const { ledger } = team.store;
      jest.spyOn(ledger, 'reserve').mockImplementationOnce((reservation) => {
        now += byMs;
        return ledger.reserve(reservation);
      });
      const wf = await paying(`${name} ${byMs}`);
      await team.work();
      expect(await lateAttempts(wf)).toBeGreaterThan(0); // a busy machine may be late as well
      expect(done).toEqual([`${name} ${byMs}`]);
      expect(await team.status(wf)).toBe('completed');
    },
  );

  it('E5: is waited out by the next owner, from its own takeover, before it asks', async () => {
    const waits: number[] = [];
    const wf = await paying('taken over', () => {
      team.kill();
    });
    await team.work();
    team.clock = {
      ...systemClock,
      delay: (ms, signal) => {
        waits.push(ms);
        return systemClock.delay(ms, signal);
      },
    };
    await team.reap();
    await team.work();
    expect(done).toEqual(['taken over']);
    expect(Math.max(...waits)).toBeGreaterThan(WINDOW_MS + TIMEOUT_MS);
    expect(await team.status(wf)).toBe('completed');
  });

  it('E5: is not waited out again when it has passed since the delivery was read', async () => {
    const waits: number[] = [];
    const wf = await paying('read long ago', () => {
      team.kill();
    });
    await team.work();
    await team.reap();
    const [claimed] = await team.take('lead');
    team.clock = {
      ...systemClock,
      monotonicMs: () => systemClock.monotonicMs() + 1000,
      delay: (ms) => Promise.resolve(void waits.push(ms)),
    };
    await team.run(claimed!);
    expect(done).toEqual(['read long ago']);
    expect(waits).toEqual([0]);
    expect(await team.status(wf)).toBe('completed');
  });
});
