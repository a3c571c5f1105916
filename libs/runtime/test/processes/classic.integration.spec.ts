import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isFullRun, type ServiceProcess } from '@lockstep/testing';
import { Stage } from './stage.js';
import { refunding } from './team/contracts.js';

jest.setTimeout(300_000);

const REFUNDS = isFullRun ? 200 : 20;
/** Refunds that one process is in the middle of when it is killed. */
const AT_ONCE = 20;

let stage: Stage;
/** Who refunded, how often a process was killed in the middle of it, and what the bank has booked. */
const table: (readonly [who: string, kills: number | string, booked: number | string])[] = [
  ['', 'killed', 'booked'],
];

beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  const lines = table.map(
    ([who, kills, booked]) =>
      `${who.padEnd(24)}${String(kills).padStart(8)}${String(booked).padStart(8)}\n`,
  );
  process.stderr.write(lines.join(''));
});

/** Somebody who refunds what is asked for, in one process at a time. */
interface Refunder {
  start(): Promise<ServiceProcess>;
  ask(name: string): Promise<unknown>;
  /** Just before the process is killed: nobody but the bank knows of these refunds. */
  beforeKill(names: readonly string[]): Promise<void>;
  done(name: string): Promise<boolean>;
}

/** Has every refund asked for, and its process killed between the bank's booking and its answer. */
async function killed(who: string, prefix: string, refunder: Refunder): Promise<number[]> {
  const names = Array.from({ length: REFUNDS }, (_, at) => `${prefix}-${at + 1}`);
  let process = await refunder.start();
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const batch = names.slice(from, from + AT_ONCE);
    const booked = batch.map((name) => stage.world.hold(`paid/${name}`));
    await Promise.all(batch.map((name) => refunder.ask(name)));
    await Promise.all(booked.map((gate) => gate.reached()));
    await refunder.beforeKill(batch);
    await process.kill();
    for (const gate of booked) gate.open();
    process = await refunder.start();
    for (const name of batch) await stage.until(`${name} is done`, () => refunder.done(name));
  }
  await process.kill();
  const refunds = names.map((name) => stage.world.timesPaid(name));
  table.push([who, names.length, refunds.reduce((sum, each) => sum + each, 0)]);
  return refunds;
}

describe(`${REFUNDS} refunds whose process is killed right after the bank has booked them`, () => {
  it('G5: are booked once each', async () => {
    const supervisor = await stage.supervisor();
    const wfs = new Map<string, Awaited<ReturnType<Stage['begin']>>>();
    const refunds = await killed('Lockstep', 'refund', {
      start: async () => {
        const agent = await stage.lead();
        await stage.watched(agent);
        return agent;
      },
      ask: async (name) => wfs.set(name, await stage.begin(refunding, name)),
      beforeKill: async (names) => {
        for (const name of names) {
          expect(await stage.has(wfs.get(name)!, 'EffectIntended')).toBe(true);
          expect(await stage.has(wfs.get(name)!, 'EffectInDoubt')).toBe(false);
          expect(await stage.has(wfs.get(name)!, 'EffectCommitted')).toBe(false);
        }
      },
      done: (name) => stage.isCompleted(wfs.get(name)!),
    });
    await supervisor.kill();
    expect(refunds).toEqual(refunds.map(() => 1));
  });

  it('are booked twice each from a queue that delivers at least once: the kills were at the worst moment', async () => {
    const refunds = await killed('a queue, at least once', 'queued', {
      start: () => stage.program('queue-consumer'),
      ask: (name) => stage.redis.xadd('refunds', '*', 'name', name),
      beforeKill: async (names) => {
        const [pending] = await stage.redis.xpending('refunds', 'consumers');
        expect(pending).toBe(names.length);
      },
      done: (name) => Promise.resolve(stage.world.timesDone(`${name}/after`) > 0),
    });
    expect(refunds).toEqual(refunds.map(() => 2));
  });
});
