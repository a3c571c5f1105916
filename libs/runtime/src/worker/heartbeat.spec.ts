import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskId, WorkerId, WorkflowId } from '@lockstep/kernel';
import {
  type DrainOrder,
  type HeartbeatReply,
  type HeldTask,
  Partitions,
  type WorkerAbout,
} from '@lockstep/store';
import { eventually } from '@lockstep/testing';
import { systemClock } from '../execution/clock.js';
import { ClaimLost } from './claimed-task.js';
import { Heartbeat } from './heartbeat.js';
import type { Hold } from './hold.js';
import { Holds } from './holds.js';

const NOTHING: HeartbeatReply = { lost: [], woken: [], wronglyGivenUp: false, order: null };
const wf = 'wf-1' as WorkflowId;
const task = 'r' as TaskId;

interface Beat {
  readonly beat: number;
  readonly leaseMs: number;
  readonly held: readonly HeldTask[];
  /** Nothing at the last beat. */
  readonly about?: WorkerAbout | undefined;
}

describe('the heartbeat', () => {
  const partitions = new Partitions(1);
  let beats: Beat[];
  let answer: (beat: Beat) => Promise<HeartbeatReply>;
  let nowMs: number;
  let wrongGuesses: number;
  let orders: DrainOrder[];
  let holds: Holds;
  let heartbeat: Heartbeat;

  beforeEach(() => {
    beats = [];
    answer = () => Promise.resolve(NOTHING);
    nowMs = 0;
    wrongGuesses = 0;
    orders = [];
    holds = new Holds(partitions);
    heartbeat = open(partitions);
  });
  afterEach(() => heartbeat.stop());

  function open(of: Partitions): Heartbeat {
    const store = {
      partitions: of,
      heartbeat: (
        _: number,
        __: WorkerId,
        beat: number,
        leaseMs: number,
        held: readonly HeldTask[],
        about?: WorkerAbout,
      ) => {
        beats.push({ beat, leaseMs, held, about });
        return answer(beats.at(-1)!);
      },
    };
    const quiet = (): void => undefined;
    return new Heartbeat(
      store,
      'w' as WorkerId,
      holds,
      { everyMs: 5, leaseMs: 100, inbox: 'crew@1' },
      { ...systemClock, monotonicMs: () => nowMs },
      {
        beaten: quiet,
        lost: quiet,
        wronglyGivenUp: () => (wrongGuesses += 1),
        ordered: (order) => orders.push(order),
      },
    );
  }

  const another = async (): Promise<Beat> => {
    const count = beats.length;
    await eventually(() => beats.length > count + 1, { what: 'another beat' });
    return beats.at(-1)!;
  };

  /** Asked after a while in which many beats came and went. */
  const isLost = async (hold: Hold): Promise<boolean> => {
    const count = beats.length;
    await eventually(() => beats.length > count + 30, { what: 'thirty beats' });
    return hold.lost.aborted;
  };

  it('H1: lists a claim on its way without its id, and a granted one with it', async () => {
    await heartbeat.start();
    const hold = holds.begin(wf, task);
    expect((await another()).held).toEqual([{ wf, task, claim: null, seen: 0 }]);
    hold.grant(3);
    expect((await another()).held).toEqual([{ wf, task, claim: hold.claim, seen: 3 }]);
    holds.end(hold);
    expect((await another()).held).toEqual([]);
  });

  it('H1: numbers each beat, and a claim carries the number of the last one sent', async () => {
    await heartbeat.start();
    await another();
    const numbers = beats.map(({ beat }) => beat);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    expect(heartbeat.beat).toBe(numbers.at(-1));
  });

  it('H2: lets go of all that was granted when no beat was acknowledged for as long as the lease', async () => {
    await heartbeat.start();
    const hold = holds.begin(wf, task);
    hold.grant(3);
    const onItsWay = holds.begin(wf, task);
    answer = () => new Promise(() => undefined);
    await another();
    expect(hold.lost.aborted).toBe(false);
    nowMs = 100;
    await another();
    expect(hold.lost.reason).toBeInstanceOf(ClaimLost);
    expect(onItsWay.lost.aborted).toBe(false);
    answer = () => Promise.resolve(NOTHING);
  });

  it('H4: goes on beating while there is no answer', async () => {
    await heartbeat.start();
    answer = () => new Promise(() => undefined);
    await another();
    await another();
    answer = () => Promise.resolve(NOTHING);
  });

  it('S6: takes no claim for lost that was granted after the beat was sent', async () => {
    await heartbeat.start();
    const hold = holds.begin(wf, task);
    answer = () => {
      hold.grant(3);
      return Promise.resolve({ ...NOTHING, lost: [{ wf, task }] });
    };
    await heartbeat.register(0);
    answer = () => Promise.resolve(NOTHING);
    expect(await isLost(hold)).toBe(false);
    answer = () => Promise.resolve({ ...NOTHING, lost: [{ wf, task }] });
    await heartbeat.register(0);
    await eventually(() => hold.lost.aborted, { what: 'the claim is lost' });
    expect(hold.lost.reason).toBeInstanceOf(ClaimLost);
  });

  it('H3: takes no claim for lost that was released when the beat came', async () => {
    await heartbeat.start();
    const hold = holds.begin(wf, task);
    hold.grant(3);
    answer = () => Promise.resolve({ ...NOTHING, lost: [{ wf, task }] });
    await heartbeat.register(0);
    holds.end(hold);
    expect(await isLost(hold)).toBe(false);
  });

  it('S8: wakes a task for what it has not seen', async () => {
    await heartbeat.start();
    const hold = holds.begin(wf, task);
    hold.grant(3);
    const woken: number[] = [];
    hold.onWoken((version) => woken.push(version));
    hold.seen(8);
    for (const wokenAt of [8, 9]) {
      answer = () => Promise.resolve({ ...NOTHING, woken: [{ wf, task, wokenAt }] });
      await heartbeat.register(0);
    }
    expect(woken).toContain(9);
    expect(woken).not.toContain(8);
  });

  it('counts one wrong guess, though each partition tells of it', async () => {
    answer = ({ beat }) => Promise.resolve({ ...NOTHING, wronglyGivenUp: beat === 1 });
    heartbeat = open(new Partitions(8));
    await heartbeat.start();
    await another();
    expect(wrongGuesses).toBe(1);
  });

  it('tells once of an order to drain, and says it again to whoever may have forgotten', async () => {
    const order = { by: 'ann', reason: 'a new machine', atMs: 1 };
    answer = () => Promise.resolve({ ...NOTHING, order });
    heartbeat = open(new Partitions(8));
    await heartbeat.start();
    expect((await another()).about).toEqual({ inbox: 'crew@1', order });
    expect(orders).toEqual([order]);
  });

  it('ends with a beat that gives everything back', async () => {
    await heartbeat.start();
    holds.begin(wf, task).grant(3);
    await heartbeat.stop();
    expect(beats.at(-1)).toMatchObject({ leaseMs: 0, held: [] });
  });
});
