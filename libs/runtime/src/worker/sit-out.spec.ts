import { describe, expect, it } from '@jest/globals';
import type { EffectIntent, RecordedEvent, TaskId, WorkflowId } from '@lockstep/kernel';
import type { Delivery } from '@lockstep/store';
import { eventually } from '@lockstep/testing';
import { systemClock } from '../execution/clock.js';
import { Places } from './places.js';
import { SitOut } from './sit-out.js';

const delivery: Delivery = {
  ...{ partition: 0, inbox: 'crew@1', message: '1-0', wf: 'wf-1' as WorkflowId, dispatch: 3 },
  ...{ task: 'r' as TaskId, name: 'run', born: 2, alone: true },
};

const intent: EffectIntent = {
  ...{ action: 'pay', key: 'k', attempt: 1, inputDigest: 'd', risk: 'low' },
  ...{ windowMs: 1000, timeoutMs: 1750 }, // with the margin, three seconds
};

const event = (type: string, version: number, meta: object): RecordedEvent =>
  ({ type, task: 'r', op: 1, version, meta, epoch: 1, atMs: 0, data: '' }) as RecordedEvent;
const intended = event('EffectIntended', 3, intent);
const committed = event('EffectCommitted', 4, {});

/** A process of two places whose clock a test moves on. */
class Process {
  readonly places = new Places(2);
  readonly kept: number[] = [];
  readonly stopping = new AbortController();
  private nowMs = 0;
  private sleepers: { readonly untilMs: number; readonly wake: () => void }[] = [];

  constructor(private readonly history: readonly RecordedEvent[]) {}

  sitOut(readAtMs = 0): Promise<void> {
    const sitOut = new SitOut({
      log: { all: () => Promise.resolve([...this.history]) },
      inbox: { keep: () => Promise.resolve(void this.kept.push(this.nowMs)) },
      places: this.places,
      clock: {
        ...systemClock,
        monotonicMs: () => this.nowMs,
        delay: (ms, signal) => this.sleep(ms, signal),
      },
    });
    return sitOut.passed(delivery, readAtMs, this.stopping.signal);
  }

  /** Moves the clock once so many wait for it. */
  async pass(ms: number, waiting = 1): Promise<void> {
    await eventually(() => this.sleepers.length === waiting, { what: `${waiting} wait` });
    this.nowMs += ms;
    const due = this.sleepers.filter(({ untilMs }) => untilMs <= this.nowMs);
    this.sleepers = this.sleepers.filter((each) => !due.includes(each));
    for (const { wake } of due) wake();
  }

  private sleep(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    signal.addEventListener('abort', () => {
      reject(new Error('stopped'));
    });
    this.sleepers.push({
      untilMs: this.nowMs + ms,
      wake: () => {
        resolve(undefined);
      },
    });
    return promise;
  }
}

describe('a delivery whose task is to be held alone', () => {
  it('O1 O3: sits out its open attempt in nobody’s way, and stays with its process', async () => {
    const process = new Process([intended]);
    const passed = process.sitOut();
    await process.pass(1000);
    expect([process.places.taken, await process.places.free(1)]).toEqual([0, 1]);
    await process.pass(1000);
    await process.pass(1000);
    await passed;
    expect(await process.places.free(1)).toBe(2);
    expect(process.kept).toEqual([1000, 2000, 3000]);
  });

  it('O3: sits out together with another what began when each was read', async () => {
    const process = new Process([intended]);
    const both = [process.sitOut(), process.sitOut(-1000)];
    await process.pass(1000, 2);
    await process.pass(1000, 2);
    await both[1];
    await process.pass(1000);
    await both[0];
    expect(process.kept).toEqual([1000, 1000, 2000, 2000, 3000]);
  });

  it.each([
    ['has nothing in doubt', [intended, committed], 0],
    ['was read long enough ago', [intended], -3000],
  ] as const)('goes on at once when its task %s', async (_, history, readAtMs) => {
    const process = new Process(history);
    await process.sitOut(readAtMs);
    expect(process.kept).toEqual([]);
  });

  it('goes on at once when its process ends', async () => {
    const process = new Process([intended]);
    const passed = process.sitOut();
    await process.pass(0);
    process.stopping.abort();
    await passed;
    expect(await process.places.free(1)).toBe(2);
  });
});
