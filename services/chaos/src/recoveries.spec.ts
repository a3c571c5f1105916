import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EventType, RecordedEvent, TaskId, WorkflowId } from '@lockstep/kernel';
import type { LogReader } from '@lockstep/store';
import type { Diary } from '@lockstep/testing';
import type { Injected } from './faults/injector.js';
import { Recoveries } from './recoveries.js';

const WF = 'wf-1' as WorkflowId;
const TASK = 'r' as TaskId;
const STRUCK_AT_MS = 1000;

const log: Pick<RecordedEvent, 'type' | 'task' | 'atMs' | 'version'>[] = [];
const reader = {
  async *read(_wf: WorkflowId, from: number) {
    await turn();
    yield* log.slice(from - 1) as RecordedEvent[];
  },
} as unknown as LogReader;
const diary = { note: () => undefined } as unknown as Diary;

const struck = (kind: Injected['kind'], held = [{ wf: WF, task: TASK }]): Injected => ({
  ...{ kind, held, atMs: STRUCK_AT_MS, target: 'north-1' },
  over: Promise.resolve(),
});
const happens = (type: EventType, atMs: number, task: string = TASK) =>
  log.push({ type, task: task as TaskId, atMs, version: log.length + 1 });

let recoveries: Recoveries;

beforeEach(() => {
  log.length = 0;
  recoveries = new Recoveries(reader, diary, () => 0);
});

const timesOf = async (kind: Injected['kind']) => {
  await recoveries.look();
  return recoveries.timesMs.get(kind) ?? [];
};

describe('a task that its process held', () => {
  it('has recovered when another process has begun it', async () => {
    happens('TaskStarted', STRUCK_AT_MS - 10); // that of the victim
    recoveries.struck(struck('agent-killed'), () => 0);
    happens('LeaseExpired', STRUCK_AT_MS + 100);
    happens('TaskStarted', STRUCK_AT_MS + 250, 'r.1');
    expect(await timesOf('agent-killed')).toEqual([]);
    happens('TaskStarted', STRUCK_AT_MS + 300);
    expect(await timesOf('agent-killed')).toEqual([300]);
    expect(await timesOf('agent-killed')).toEqual([300]);
  });

  it('was not interrupted when it ended by itself', async () => {
    recoveries.struck(struck('agent-killed'), () => 0);
    happens('TaskSuspended', STRUCK_AT_MS + 1);
    happens('TaskStarted', STRUCK_AT_MS + 5000);
    expect(await timesOf('agent-killed')).toEqual([]);
  });

  it('counts for each fault that struck it', async () => {
    recoveries.struck(struck('agent-frozen'), () => 0);
    recoveries.struck(struck('agent-killed'), () => 0);
    happens('TaskStarted', STRUCK_AT_MS + 300);
    expect(await timesOf('agent-frozen')).toEqual([300]);
    expect(await timesOf('agent-killed')).toEqual([300]);
  });
});

describe('all other work', () => {
  it('has recovered when anything goes on after the end of the fault', async () => {
    const fault = Promise.withResolvers<undefined>();
    let resumedAtMs = Date.now() + 1;
    const frozen = { ...struck('redis-frozen', []), over: fault.promise };
    recoveries.struck(frozen, () => resumedAtMs);
    expect(await timesOf('redis-frozen')).toEqual([]);
    resumedAtMs = 0;
    fault.resolve(undefined);
    await turn();
    expect(await timesOf('redis-frozen')).toEqual([]);
    resumedAtMs = Date.now() + 60_000;
    const [tookMs] = await timesOf('redis-frozen');
    expect(tookMs).toBeGreaterThan(50_000);
  });
});
