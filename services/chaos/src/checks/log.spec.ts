import { describe, expect, it } from '@jest/globals';
import type { EventMeta, EventType, RecordedEvent, TaskId } from '@lockstep/kernel';
import { logFaults } from './log.js';

const TASK = 'r' as TaskId;
const ROOT = { role: 'north', major: 1, name: 'run', version: 1, by: null, returnTo: null };
const CLAIM = { worker: 'w', claim: 'c', dispatch: 1, alone: false };

interface Given<T extends EventType> {
  readonly type: T;
  readonly meta: EventMeta[T];
  readonly task?: TaskId | '';
  readonly op?: number;
  readonly epoch?: number;
}

/** A log of these events, in versions without a gap. */
const logOf = (...events: readonly Given<EventType>[]): RecordedEvent[] =>
  events.map(({ task = TASK, op = 0, epoch = 1, ...event }, at) => {
    const recorded = { version: at + 1, task, op, epoch, atMs: at, data: '{}', ...event };
    return recorded as RecordedEvent;
  });

const of = <T extends EventType>(type: T, meta: EventMeta[T], rest: Partial<Given<T>> = {}) => ({
  ...{ type, meta },
  ...rest,
});

const begun = [
  of(
    'WorkflowStarted',
    { type: 'p', version: 1, tenant: 't', root: TASK, merges: {} },
    { task: '', epoch: 0 },
  ),
  of('TaskScheduled', ROOT, { epoch: 0 }),
  of('TaskStarted', CLAIM),
];
const step = (op: number, epoch = 1) =>
  of('StepCompleted', { name: `s${op}`, attempt: 1 }, { op, epoch });
const ended = [
  of('TaskCompleted', { version: 1, returnTo: null }),
  of('WorkflowCompleted', {}, { task: '' }),
];
const undone = (op: number, version: number) =>
  of('EffectCompensated', { action: 'a', key: `k${op}`, occurrence: 1, of: version }, { op });

describe('the log of a workflow', () => {
  it('is right as it is written', () => {
    expect(logFaults(logOf(...begun, step(1), step(2), ...ended))).toEqual([]);
  });

  it('G1: has no gap', () => {
    const events = logOf(...begun, step(1), ...ended);
    const gapped = events.filter(({ version }) => version !== 4);
    expect(logFaults(gapped)).toContain('G1: version 5 stands where 4 belongs');
  });

  it('G2: has nothing by an old writer after a newer one', () => {
    const taken = of('TaskStarted', { ...CLAIM, worker: 'v' }, { epoch: 2 });
    const events = logOf(...begun, step(1), taken, step(2, 1), ...ended);
    expect(logFaults(events).join()).toContain('G2: epoch 1 wrote StepCompleted of r at version 6');
  });

  it('G2: grants no epoch twice', () => {
    const events = logOf(...begun, of('TaskStarted', CLAIM), ...ended);
    expect(logFaults(events).join()).toContain('G2: epoch 1 of r was granted twice');
  });

  it('G4: has no operation with two results', () => {
    const events = logOf(...begun, step(1), step(1), ...ended);
    expect(logFaults(events).join()).toContain('G4: operation r 1 has a second result');
  });

  it('G6: has one end', () => {
    expect(logFaults(logOf(...begun))).toContain('G6: it has 0 ends');
    const twice = logOf(...begun, ...ended, of('WorkflowFailed', {}, { task: '' }));
    expect(logFaults(twice)).toContain('G6: it has 2 ends');
  });

  it('G6: has effects undone once, the newest first', () => {
    const fault = 'G6: the effect at version 5 was undone after that at 4';
    expect(logFaults(logOf(...begun, undone(1, 4), undone(2, 5), ...ended))).toContain(fault);
    const again = logFaults(logOf(...begun, undone(1, 4), undone(2, 4), ...ended));
    expect(again.join()).toContain('version 4 was undone after that at 4');
  });

  it('G6: has a cancelled call begin nothing more, and settle what is open', () => {
    const callee = (type: 'TaskScheduled', task: string) =>
      of(type, { ...ROOT, returnTo: { task: TASK, op: 1 } }, { task: task as TaskId });
    const called = callee('TaskScheduled', 'r.1');
    const givenUp = of('CallCancelled', { reason: 'late' }, { op: 1 });
    const settled = of('TaskCancelled', {}, { task: 'r.1' as TaskId });
    expect(logFaults(logOf(...begun, called, givenUp, settled, ...ended))).toEqual([]);
    const went = logOf(...begun, called, givenUp, callee('TaskScheduled', 'r.1.2'), ...ended);
    expect(logFaults(went)).toEqual([
      'G6: TaskScheduled of r.1.2 at version 6, after it was cancelled',
    ]);
    const beside = logOf(...begun, called, givenUp, callee('TaskScheduled', 'r.11'), ...ended);
    expect(logFaults(beside)).toEqual([]);
  });

  it('G6: has nothing begun but by its rollback, once that has begun', () => {
    const cause = { reason: 'Uncaught', by: 'policy', to: 0, task: TASK, error: [] };
    const failed = [
      of('TaskFailed', { error: [], origin: null as never, returnTo: null }),
      of('RollbackStarted', cause, { task: '' }),
    ];
    const undo = of('TaskScheduled', ROOT, { task: '~4' as TaskId });
    const end = of('WorkflowFailed', {}, { task: '' });
    expect(logFaults(logOf(...begun, ...failed, undo, end))).toEqual([]);
    expect(logFaults(logOf(...begun, ...failed, undo, step(1), end))).toContain(
      'G6: StepCompleted of r at version 7, after it was cancelled',
    );
  });
});
