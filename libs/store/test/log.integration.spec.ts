import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LogReader } from '../src/index.js';
import type { RecordedEvent, WorkflowId } from '@lockstep/kernel';
import { stepOf } from './support/events.js';
import { Scene } from './support/scene.js';

/** More than two reads of the store, the last of which is not full. */
const LENGTH = 2010;

describe('the reader of logs', () => {
  let scene: Scene;
  let log: LogReader;
  let wf: WorkflowId;
  beforeAll(async () => {
    scene = await Scene.open();
    log = new LogReader(scene.redis, scene.partitions);
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(async () => {
    await scene.clear();
    const held = await scene.held();
    wf = held.wf;
    for (const op of [1, 2, 3])
      await held.append(Array.from({ length: (LENGTH - 3) / 3 }, () => stepOf(held.task, op)));
  });

  const versionsOf = (events: readonly RecordedEvent[]): number[] =>
    events.map(({ version }) => version);
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, at) => from + at);

  it('G1: reads a log of any length whole and in order', async () => {
    expect(versionsOf(await log.all(wf))).toEqual(range(1, LENGTH));
  });

  it.each([
    [1, 1000],
    [2, 1001],
    [500, 2009],
    [2010, 2010],
    [2011, 2010],
  ])('reads from version %i up to and including %i', async (from, to) => {
    expect(versionsOf(await log.all(wf, from, to))).toEqual(range(from, to));
  });

  it('lets its reader stop anywhere, even when the store is gone by then', async () => {
    const connection = scene.redis.duplicate();
    const seen: number[] = [];
    for await (const { version } of new LogReader(connection, scene.partitions).read(wf)) {
      seen.push(version);
      if (version === 3) {
        connection.disconnect();
        break;
      }
    }
    expect(seen).toEqual([1, 2, 3]);
  });
});
