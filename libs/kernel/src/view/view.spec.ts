import { describe, expect, it } from '@jest/globals';
import {
  begun,
  CALLED,
  CANCEL,
  CHILD,
  COMMITTED,
  DONE,
  ERROR,
  EXPIRED,
  FAILED,
  HISTORIES,
  INTENDED,
  INTENT,
  logOf,
  of,
  request,
  ROOT,
  RUNNING,
  SCHEDULED,
  STARTED,
  type Told,
  WF,
} from '../../test/histories.js';
import type { TaskId } from '../events/event.js';
import { evolveView } from './evolve-view.js';
import { TIMELINE_LENGTH } from './timeline.js';
import { initialView, type WorkflowView } from './workflow-view.js';

const viewOf = (...told: readonly Told[]): WorkflowView =>
  evolveView(initialView(WF), logOf(...told));

describe('a view', () => {
  it('shows a running workflow, who works on it and since when', () => {
    expect(viewOf(...RUNNING)).toMatchObject({
      ...{ id: WF, version: 3, type: 'job', typeVersion: 2, tenant: 'acme', status: 'running' },
      ...{ startedAtMs: 1001, updatedAtMs: 1003, endedAtMs: null, result: null, parked: [] },
      state: { notes: [], cents: 0 },
      tasks: [{ id: ROOT, role: 'concierge', state: 'Processing', attempts: 1, worker: 'w1' }],
    });
  });

  it('folds the shared state by the merges of the log', () => {
    expect(viewOf(...HISTORIES[0]!).state).toEqual({ notes: ['a'], cents: 5.1 });
  });

  it('shows what a suspended task waits for, until it is started again', () => {
    const waits = { any: [1], all: [[2]], signals: ['go'] };
    const waiting = [...RUNNING, CALLED, of(ROOT, 'TaskSuspended', { waits })];
    expect(viewOf(...waiting).tasks[0]).toMatchObject({
      state: 'AwaitingInput',
      waits,
      worker: null,
    });
    expect(viewOf(...waiting, begun()).tasks[0]).toMatchObject({ waits: null });
  });

  it('shows when a timer is due, until it fires', () => {
    const set = [...RUNNING, of(ROOT, 'TimerSet', { delayMs: 500 }, 1)];
    expect(viewOf(...set).tasks[0]?.timers).toEqual([
      { op: 1, setAtMs: 1004, dueAtMs: 1504, of: { kind: 'sleep' }, error: [] },
    ]);
    expect(viewOf(...set, of(ROOT, 'TimerFired', {}, 1)).tasks[0]?.timers).toEqual([]);
  });

  it('shows which target an operation waits for and since when, until something is done for it', () => {
    const name = 'step ask';
    const deferred = (reason: 'open' | 'full'): Told =>
      of(ROOT, 'AttemptDeferred', { name, target: 'bank', reason, retryInMs: 9 }, 1);
    const again = [of(ROOT, 'TimerFired', {}, 1), begun(), deferred('full')];
    const suspended = of(ROOT, 'TaskSuspended', { waits: { any: [1], all: [], signals: [] } });
    const waiting = viewOf(...RUNNING, deferred('open'), suspended, ...again);
    expect(waiting.tasks[0]).toMatchObject({
      deferrals: [{ op: 1, name, target: 'bank', reason: 'full', sinceMs: 1004 }],
      timers: [{ op: 1, dueAtMs: 1008 + 9 }],
    });
    const done = of(ROOT, 'StepCompleted', { name: 'ask', attempt: 1 }, 1);
    const other = of(ROOT, 'StepCompleted', { name: 'other', attempt: 1 }, 2);
    const deferralsOf = (...more: Told[]) =>
      viewOf(...RUNNING, deferred('open'), ...more).tasks[0]?.deferrals;
    expect(deferralsOf(other)).toHaveLength(1);
    expect(deferralsOf(done)).toEqual([]);
    expect(deferralsOf(of('', 'CancelRequested', { reason: 'r', by: 'ann' }))).toEqual([]);
  });

  it('shows which target a task as a whole waits for, until its handler does anything', () => {
    const told = { name: 'task run', target: 'bank', reason: 'open', retryInMs: 9 } as const;
    const waits = { any: [0], all: [], signals: [] };
    const waiting = [of(ROOT, 'AttemptDeferred', told), of(ROOT, 'TaskSuspended', { waits })];
    const again = [of(ROOT, 'TimerFired', {}), begun(), ...waiting];
    const deferralsOf = (...more: Told[]) => viewOf(...RUNNING, ...more).tasks[0]?.deferrals;
    expect(deferralsOf(...waiting, ...again)).toMatchObject([{ op: 0, sinceMs: 1004 }]);
    const done = of(ROOT, 'StepCompleted', { name: 'ask', attempt: 1 }, 1);
    expect(deferralsOf(...waiting, begun(), done)).toEqual([]);
    const failed = of(ROOT, 'AttemptFailed', { attempt: 1, error: [], retryInMs: 1 });
    expect(deferralsOf(...waiting, begun(), failed)).toEqual([]);
  });

  it('ends with the result of its root', () => {
    const view = viewOf(...RUNNING, ...DONE);
    expect(view).toMatchObject({ status: 'completed', endedAtMs: 1004 });
    expect(view.result).toEqual({ version: 3, data: { ok: true } });
    expect(view.tasks[0]).toMatchObject({ state: 'Completed', outcome: 'completed' });
  });

  it('ends with the result of whoever the root handed off to', () => {
    const handedOff = [
      ...RUNNING,
      of(CHILD, 'TaskScheduled', { ...request, by: { task: ROOT, op: 2 }, returnTo: null }),
      of(ROOT, 'TaskHandedOff', { to: CHILD }),
      begun(CHILD),
    ];
    expect(viewOf(...handedOff)).toMatchObject({
      status: 'running',
      tasks: [{ state: 'Completed', outcome: 'handed-off', handedTo: CHILD }, { id: CHILD }],
    });
    const view = viewOf(
      ...handedOff,
      of(CHILD, 'TaskCompleted', { version: 1, returnTo: null }, 0, '7'),
    );
    expect([view.status, view.result?.data]).toEqual(['completed', 7]);
  });

  it('G5: shows an effect as open, in doubt once its worker is lost, and done', () => {
    const statuses = [[], [EXPIRED], [EXPIRED, begun(), COMMITTED]].map(
      (more) => viewOf(...RUNNING, INTENDED, ...more).effects[0]?.status,
    );
    expect(statuses).toEqual(['open', 'in-doubt', 'done']);
    expect(viewOf(...RUNNING, INTENDED, COMMITTED).effects).toMatchObject([
      { action: 'refund', key: 'o1', risk: 'high', inputDigest: 'd1', occurrence: 1 },
    ]);
  });

  it('G5: keeps a done effect when new code does another one at its place', () => {
    const other = of(ROOT, 'EffectIntended', { ...INTENT, key: 'o2' }, 3);
    const { effects } = viewOf(...RUNNING, INTENDED, COMMITTED, other);
    expect(effects.map(({ key, status }) => [key, status])).toEqual([
      ['o1', 'done'],
      ['o2', 'open'],
    ]);
  });

  it('tells a refused effect from one that is tried again and one that is given up', () => {
    const after = (retryInMs: number | null): Told =>
      of(ROOT, 'EffectNotPerformed', { attempt: 1, error: ERROR, retryInMs, timer: true }, 3);
    const rejected = of(ROOT, 'EffectRejected', { error: ERROR }, 3);
    const statuses = [after(100), after(null), rejected].map(
      (event) => viewOf(...RUNNING, INTENDED, event).effects[0]?.status,
    );
    expect(statuses).toEqual(['retrying', 'not-performed', 'rejected']);
    expect(viewOf(...RUNNING, INTENDED, after(100)).tasks[0]?.timers).toEqual([
      {
        ...{ op: 3, setAtMs: 1005, dueAtMs: 1105, error: ERROR },
        of: { kind: 'retry', what: 'its effect' },
      },
    ]);
  });

  it('shows when a task whose attempt failed runs again', () => {
    const waits = { any: [0], all: [], signals: [] };
    const view = viewOf(
      ...RUNNING,
      of(ROOT, 'AttemptFailed', { attempt: 1, error: ERROR, retryInMs: 100 }),
      of(ROOT, 'TaskSuspended', { waits }),
    );
    expect(view.tasks[0]).toMatchObject({
      state: 'AwaitingInput',
      waits,
      timers: [{ op: 0, dueAtMs: 1104, of: { kind: 'retry', what: 'the task' } }],
    });
    expect(view.timeline.latest.at(-2)).toMatchObject({
      type: 'AttemptFailed',
      name: 'NoSuchOrder',
    });
  });

  it('G6: names what a person can do about an effect in doubt', () => {
    const parked = of(ROOT, 'TaskParked', { reason: 'EffectInDoubt', error: ERROR, op: 3 });
    const view = viewOf(...RUNNING, INTENDED, parked);
    expect(view.status).toBe('parked');
    expect(view.parked).toMatchObject([
      {
        ...{ task: ROOT, role: 'concierge', reason: 'EffectInDoubt', error: ERROR, sinceMs: 1005 },
        options: [
          { action: 'settle', task: ROOT, op: 3 },
          { action: 'rollback' },
          { action: 'cancel' },
        ],
      },
    ]);
  });

  it('G6: sends a person to the task where an uncaught failure began', () => {
    const view = viewOf(...RUNNING, CALLED, FAILED);
    expect(view.status).toBe('parked');
    expect(view.parked).toMatchObject([
      {
        ...{ task: CHILD, role: 'orders', reason: 'Uncaught', error: ERROR },
        options: [{ action: 'redrive', task: CHILD }, { action: 'rollback' }, { action: 'cancel' }],
      },
    ]);
    const reopened = viewOf(...RUNNING, FAILED, of(ROOT, 'TaskReopened', { keepUpTo: 3, by: 'a' }));
    expect(reopened).toMatchObject({ status: 'running', parked: [], tasks: [{ failure: null }] });
  });

  it('stays parked while one of several tasks waits for a person', () => {
    const budget = { reason: 'CrashBudgetExhausted', error: ERROR };
    const both = [
      ...[...RUNNING, CALLED, EXPIRED, of(ROOT, 'TaskParked', budget)],
      ...[begun(CHILD), of(CHILD, 'TaskParked', budget)],
    ];
    const reopened = (task: TaskId): Told => of(task, 'TaskReopened', { keepUpTo: 3, by: 'ann' });
    expect(viewOf(...both, reopened(CHILD))).toMatchObject({
      status: 'parked',
      parked: [{ task: ROOT }],
    });
    expect(viewOf(...both, reopened(CHILD), reopened(ROOT)).status).toBe('running');
  });

  it('is cancelling until its open effects are settled, then cancelled or parked', () => {
    const cancelling = [...RUNNING, INTENDED, CANCEL];
    expect(viewOf(...cancelling)).toMatchObject({
      status: 'cancelling',
      cancel: { reason: 'a mistake', by: 'ann' },
      tasks: [{ state: 'Idle', worker: null }],
      effects: [{ status: 'in-doubt' }],
    });
    const cancelled = [begun(), of(ROOT, 'TaskCancelled', {}), of('', 'WorkflowCancelled', {})];
    expect(viewOf(...cancelling, ...cancelled)).toMatchObject({
      ...{ status: 'cancelled', endedAtMs: 1008 },
      tasks: [{ state: 'Failed', outcome: 'cancelled' }],
    });
    expect(viewOf(...HISTORIES[1]!)).toMatchObject({
      ...{ status: 'parked', endedAtMs: null },
      parked: [{ task: null, reason: 'CancelledWithEffects', options: [] }],
    });
  });

  it('keeps the last events of a long history, and counts all', () => {
    const steps = Array.from({ length: 300 }, (_, at) =>
      of(ROOT, 'StepCompleted', { name: `s${at}`, attempt: 1 }, at + 1),
    );
    const { timeline } = viewOf(...RUNNING, ...steps);
    expect([timeline.count, timeline.latest.length]).toEqual([303, TIMELINE_LENGTH]);
    expect(timeline.latest.at(-1)).toEqual({
      ...{ version: 303, type: 'StepCompleted', task: ROOT, op: 300, atMs: 1303, name: 's299' },
    });
  });

  it('shows a log that cannot be, and where it breaks', () => {
    const view = viewOf(STARTED, SCHEDULED, of(ROOT, 'TaskSuspended', {} as never), begun());
    expect(view.defect).toMatchObject({ version: 3 });
    expect(view.tasks[0]?.state).toBe('Processing');
  });
});
