import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EventType, RecordedEvent, TaskId, Version, WorkflowId } from '@lockstep/kernel';
import type { LogReader } from '@lockstep/store';
import type { Diary } from '@lockstep/testing';
import type { InterruptedTask } from './held-work.js';
import { Recoveries } from './recoveries.js';

const held: InterruptedTask = { wf: 'wf' as WorkflowId, task: 'r.1' as TaskId, version: 2 };
const KILLED_AT_MS = 1_000;

describe('recoveries', () => {
  let log: { version: Version; type: EventType; task: string; atMs: number }[];
  let recoveries: Recoveries;

  beforeEach(() => {
    log = [
      { version: 1, type: 'TaskScheduled', task: 'r.1', atMs: 900 },
      { version: 2, type: 'TaskStarted', task: 'r.1', atMs: 910 },
    ];
    const reader = {
      async *read(_: WorkflowId, from: Version) {
        yield* (await Promise.resolve(log)).filter(({ version }) => version >= from);
      },
    };
    const diary = { note: () => undefined };
    recoveries = new Recoveries(reader as unknown as LogReader, diary as unknown as Diary);
    recoveries.watch(0, KILLED_AT_MS, [held]);
  });

  const append = (type: RecordedEvent['type'], task: string, atMs: number) =>
    log.push({ version: log.length + 1, type, task, atMs });

  it('are open until another process has taken the task up', async () => {
    append('LeaseExpired', 'r.1', 1_300);
    append('TaskStarted', 'r.2', 1_310);
    await recoveries.look();
    expect(recoveries.open).toBe(1);
    expect(recoveries.timesMs).toEqual([]);
  });

  it('take from the kill to the moment at which the task is taken up', async () => {
    append('LeaseExpired', 'r.1', 1_300);
    append('TaskStarted', 'r.1', 1_400);
    await recoveries.look();
    expect(recoveries.open).toBe(0);
    expect(recoveries.timesMs).toEqual([400]);
    expect(recoveries.interruptingKills).toBe(1);
  });

  it('do not count what the victim had ended before it died', async () => {
    append('TaskCompleted', 'r.1', 1_001);
    await recoveries.look();
    expect(recoveries.open).toBe(0);
    expect(recoveries.interruptingKills).toBe(0);
  });

  it('count a kill once, however much it interrupted', async () => {
    recoveries.watch(0, KILLED_AT_MS, [{ ...held, task: 'r.2' as TaskId }]);
    append('TaskStarted', 'r.1', 1_400);
    append('TaskStarted', 'r.2', 1_500);
    await recoveries.look();
    expect(recoveries.timesMs).toEqual([400, 500]);
    expect(recoveries.interruptingKills).toBe(1);
  });
});
