import { describe, expect, it } from '@jest/globals';
import type { EventMeta, EventType, RecordedEvent, TaskId, WorkflowId } from '../events/event.js';
import { BLAMELESS } from '../effect/progress.js';
import { evolveView } from './evolve-view.js';
import { type Standing, standingOf } from './standing.js';
import { initialView } from './workflow-view.js';

const WF = 'wf-1' as WorkflowId;
const [ROOT, CHILD] = ['r', 'r.1'] as [TaskId, TaskId];
const ERROR = [
  { name: 'Error', code: 'Down', kind: 'transient', message: 'the bank is away' },
] as const;
const ALIVE = new Set(['concierge@1', 'orders@1']);

/** The log of a workflow whose root is running, one event a second. */
class Log {
  readonly events: RecordedEvent[] = [];

  constructor() {
    const type = { type: 'job', version: 1, tenant: 'acme', root: ROOT };
    this.add('', 'WorkflowStarted', type).schedule(ROOT, 'concierge').start(ROOT);
  }

  add<T extends EventType>(task: TaskId | '', type: T, meta: EventMeta[T], op = 0): this {
    const version = this.events.length + 1;
    const atMs = version * 1000;
    const event = { type, task, op, meta, data: '', version, epoch: 1, atMs };
    this.events.push(event as unknown as RecordedEvent);
    return this;
  }

  schedule(task: TaskId, role: string): this {
    const by = task === ROOT ? null : { task: ROOT, op: Number(task.split('.')[1]) };
    return this.add(task, 'TaskScheduled', {
      ...{ role, major: 1, name: 'serve', version: 1, by, returnTo: by },
    });
  }

  start(task: TaskId): this {
    return this.add(task, 'TaskStarted', { worker: 'w1', claim: 'c', dispatch: 1, alone: false });
  }

  suspend(waits: Partial<EventMeta['TaskSuspended']['waits']>): this {
    return this.add(ROOT, 'TaskSuspended', { waits: { any: [], all: [], signals: [], ...waits } });
  }

  intend(): this {
    const intent = { action: 'refund', key: 'W1', attempt: 1, inputDigest: 'd' };
    const bounds = { windowMs: 1, timeoutMs: 1, risk: 'low' as const };
    return this.add(ROOT, 'EffectIntended', { ...intent, ...bounds }, 2);
  }

  notPerformed(code: string, timer: boolean): this {
    const error = [{ ...ERROR[0], code }];
    const meta = { attempt: 1, error, retryInMs: 60_000, timer };
    return this.add(ROOT, 'EffectNotPerformed', meta, 2);
  }

  park(reason: string): this {
    return this.add(ROOT, 'TaskParked', { reason, error: ERROR, op: 2 });
  }

  standing(alive: ReadonlySet<string> = ALIVE): Standing[] {
    return standingOf(evolveView(initialView(WF), this.events), alive);
  }
}

const called = (): Log => new Log().schedule(CHILD, 'orders').suspend({ any: [1] });
const actions = (entry: Standing | undefined): string[] =>
  entry?.options.map(({ action }) => action) ?? [];

describe('why a task does not go on', () => {
  it('G6: a completed workflow lists what its unwanted calls have left in doubt', () => {
    const log = called().start(ROOT).add(ROOT, 'CallCancelled', { reason: 'no' }, 1);
    const returned = { returnTo: null, version: 1 };
    log
      .add(ROOT, 'TaskCompleted', returned)
      .add(CHILD, 'TaskParked', { reason: 'EffectInDoubt', error: ERROR, op: 1 });
    const [entry, ...rest] = log.standing();
    expect(entry).toMatchObject({ task: CHILD, why: 'person' });
    expect(actions(entry)).toEqual(['redrive']);
    expect(rest).toEqual([]);
  });

  it.each<[string, Log, Partial<Standing>, string[]]>([
    [
      'a worker works on it',
      new Log(),
      { why: 'running', what: 'w1 works on it', sinceMs: 3000 },
      ['park', 'rollback', 'cancel'],
    ],
    [
      'it waits for another task',
      called(),
      { task: ROOT, why: 'call', what: 'waits for orders.serve (r.1)', sinceMs: 5000 },
      ['park', 'rollback', 'cancel'],
    ],
    [
      'it sleeps',
      new Log().add(ROOT, 'TimerSet', { delayMs: 9000 }, 1).suspend({ any: [1] }),
      { why: 'timer', sinceMs: 4000, untilMs: 13_000 },
      ['park', 'rollback', 'cancel'],
    ],
    [
      'it waits for a signal',
      new Log().suspend({ signals: ['approval'] }),
      { why: 'signal', what: 'waits for the signal approval', sinceMs: 4000 },
      ['signal', 'park', 'rollback', 'cancel'],
    ],
    [
      'a step waits for its next attempt',
      new Log()
        .add(
          ROOT,
          'StepFailed',
          { name: 'look', attempt: 1, error: ERROR, retryInMs: 60_000, timer: true },
          1,
        )
        .suspend({ any: [1] }),
      { why: 'retry', what: 'the next attempt of step look', untilMs: 64_000, error: ERROR },
      ['park', 'rollback', 'cancel'],
    ],
    [
      'an effect waits for its next attempt',
      new Log()
        .intend()
        .notPerformed('Down', true)
        .suspend({ any: [2] }),
      { why: 'retry', what: 'the next attempt of effect refund W1', untilMs: 65_000 },
      ['park', 'rollback', 'cancel'],
    ],
    [
      'the task itself waits for its next attempt',
      new Log()
        .add(ROOT, 'AttemptFailed', { attempt: 1, error: ERROR, retryInMs: 60_000 })
        .suspend({ any: [0] }),
      { why: 'retry', what: 'the next attempt of the task', untilMs: 64_000, error: ERROR },
      ['park', 'rollback', 'cancel'],
    ],
    [
      'another has the key of its effect, for long',
      new Log()
        .intend()
        .notPerformed(BLAMELESS.held, true)
        .suspend({ any: [2] }),
      { why: 'key', what: 'effect refund W1: the bank is away', untilMs: 65_000 },
      ['park', 'rollback', 'cancel'],
    ],
    [
      'another has the key of its effect, for a moment',
      new Log().intend().notPerformed(BLAMELESS.held, false),
      { why: 'key', sinceMs: 5000, untilMs: null },
      ['park', 'rollback', 'cancel'],
    ],
    [
      'its target takes no work',
      new Log()
        .add(
          ROOT,
          'AttemptDeferred',
          { name: 'step look', target: 'bank', reason: 'open', retryInMs: 60_000 },
          1,
        )
        .suspend({ any: [1] }),
      { why: 'target', what: 'the breaker of bank is open', untilMs: 64_000 },
      ['close-breaker', 'park', 'rollback', 'cancel'],
    ],
    [
      'the target of the task as a whole takes no work',
      new Log()
        .add(ROOT, 'AttemptDeferred', {
          ...{ name: 'task serve', target: 'model', reason: 'open', retryInMs: 60_000 },
        })
        .suspend({ any: [0] }),
      { why: 'target', what: 'the breaker of model is open', untilMs: 64_000 },
      ['close-breaker', 'park', 'rollback', 'cancel'],
    ],
    [
      'it is being found out whether its effect happened',
      new Log().intend().add(ROOT, 'EffectInDoubt', { attempt: 1, error: ERROR }, 2),
      { why: 'doubt', sinceMs: 5000, error: ERROR },
      ['park', 'rollback', 'cancel'],
    ],
    [
      'an effect in doubt waits for a person',
      new Log().intend().park('EffectInDoubt'),
      { why: 'person', what: 'EffectInDoubt: the bank is away', sinceMs: 5000 },
      ['settle', 'rollback', 'cancel'],
    ],
    [
      'its process died too often',
      new Log().park('CrashBudgetExhausted'),
      { why: 'person', what: 'CrashBudgetExhausted: the bank is away', sinceMs: 4000 },
      ['redrive', 'rollback', 'cancel'],
    ],
    [
      'a person holds the workflow',
      new Log().add('', 'WorkflowParked', { reason: 'an audit', by: 'ann' }),
      { task: null, why: 'person', what: 'ann holds it: an audit', sinceMs: 4000 },
      ['resume', 'rollback', 'cancel'],
    ],
    [
      'the workflow is being cancelled',
      new Log().intend().add('', 'CancelRequested', { reason: 'no', by: 'ann' }),
      { task: ROOT, why: 'settling', sinceMs: 5000 },
      [],
    ],
  ])('is told when %s', (_, log, entry, options) => {
    const standing = log.standing();
    expect(standing[0]).toMatchObject(entry);
    expect(actions(standing[0])).toEqual(options);
  });

  it('is a limit of its target, which no person can close', () => {
    const deferred = {
      name: 'step look',
      target: 'bank',
      reason: 'limited',
      retryInMs: 1,
    } as const;
    const [entry] = new Log()
      .add(ROOT, 'AttemptDeferred', deferred, 1)
      .suspend({ any: [1] })
      .standing();
    expect(entry).toMatchObject({ why: 'target', what: 'bank takes no more work now (limited)' });
    expect(actions(entry)).not.toContain('close-breaker');
  });

  it('is that nobody is there who could take it, when no worker of its role is alive', () => {
    const [, child] = called().standing(new Set(['concierge@1', 'orders@2']));
    const what = 'no worker of orders@1 takes work';
    expect(child).toMatchObject({ task: CHILD, why: 'no-worker', what, sinceMs: 4000 });
    expect(child?.options[0]).toEqual({ action: 'start-worker', inbox: 'orders@1' });
  });

  it('is that it is queued again as soon as what it waited for is there', () => {
    const log = called().start(CHILD);
    log.add(CHILD, 'TaskCompleted', { version: 1, returnTo: { task: ROOT, op: 1 } });
    expect(log.standing()).toMatchObject([{ task: ROOT, why: 'queued', sinceMs: 7000 }]);
    const signalled = new Log().suspend({ signals: ['go'] });
    signalled.add('', 'SignalReceived', { name: 'go', id: '1', version: 1 });
    expect(signalled.standing()).toMatchObject([{ task: ROOT, why: 'queued' }]);
    const slept = new Log().add(ROOT, 'TimerSet', { delayMs: 1 }, 1).suspend({ any: [1] });
    slept.add(ROOT, 'TimerFired', {}, 1);
    expect(slept.standing()).toMatchObject([{ task: ROOT, why: 'queued' }]);
  });

  it('waits for all of a group, and not for a part of it', () => {
    const log = new Log().schedule(CHILD, 'orders').schedule('r.2' as TaskId, 'orders');
    log.suspend({ all: [[1, 2]] }).start(CHILD);
    log.add(CHILD, 'TaskCompleted', { version: 1, returnTo: { task: ROOT, op: 1 } });
    expect(log.standing()[0]).toMatchObject({ why: 'call', what: 'waits for orders.serve (r.2)' });
  });

  it('has an entry for each thing that a task waits for', () => {
    const log = new Log().add(ROOT, 'TimerSet', { delayMs: 9000 }, 1);
    const standing = log.suspend({ any: [1], signals: ['approval'] }).standing();
    expect(standing.map(({ why }) => why)).toEqual(['timer', 'signal']);
  });

  it('names a few of many callees, and says how many more there are', () => {
    const log = new Log();
    const ops = Array.from({ length: 9 }, (_, at) => at + 1);
    for (const op of ops) log.schedule(`r.${op}` as TaskId, 'orders');
    expect(log.suspend({ all: [ops] }).standing()[0]?.what).toContain('(r.5) and 4 more');
  });

  it('tells of nothing when the workflow has ended', () => {
    const log = new Log().add(ROOT, 'TaskCompleted', { version: 1, returnTo: null });
    expect(log.add('', 'WorkflowCompleted', {}).standing()).toEqual([]);
  });
});
