import { describe, expect, it } from '@jest/globals';
import type { ErrorChain } from '../failure/error-chain.js';
import type { EventMeta, EventType, RecordedEvent, TaskId } from '../events/event.js';
import { Journal } from '../journal/journal.js';
import { type CorrectedRequest, planRedrive, type Redrive } from './plan-redrive.js';
import { planSettlement, type Settlement } from './plan-settlement.js';
import { CorrectionRefused, RedriveRefused, SettlementRefused, UnknownTask } from './refusals.js';

const error: ErrorChain = [{ name: 'E', code: 'E', kind: 'permanent', message: 'no' }];

/** A log, told event by event. */
class Log {
  readonly events: RecordedEvent[] = [];

  add<T extends EventType>(type: T, task: string, meta: EventMeta[T], op = 0): this {
    const version = this.events.length + 1;
    const event = { type, task: task as TaskId, op, meta, data: '', version, epoch: 1, atMs: 0 };
    this.events.push(event as unknown as RecordedEvent);
    return this;
  }

  /** A root `r`, or operation `op` of `by`, is scheduled and starts. */
  start(task: string): this {
    const at = task.lastIndexOf('.');
    const by =
      at < 0 ? null : { task: task.slice(0, at) as TaskId, op: Number(task.slice(at + 1)) };
    const as = { role: 'clerk', major: 1, name: 'job', version: 1 };
    return this.add('TaskScheduled', task, { ...as, by, returnTo: by }).add('TaskStarted', task, {
      worker: 'w',
      claim: 'c',
      dispatch: 1,
      alone: false,
    });
  }

  fail(task: string, origin = task): this {
    const at = task.lastIndexOf('.');
    const returnTo =
      at < 0 ? null : { task: task.slice(0, at) as TaskId, op: Number(task.slice(at + 1)) };
    const from = { task: origin as TaskId, role: 'clerk' };
    return this.add('TaskFailed', task, { error, returnTo, origin: from });
  }

  park(task: string, op = 1): this {
    return this.add('TaskParked', task, { reason: 'EffectInDoubt', error, op });
  }

  step(task: string, op: number): this {
    return this.add('StepCompleted', task, { name: `s${op}`, attempt: 1 }, op);
  }

  intend(task: string, op: number): this {
    const intent = { action: 'refund', key: 'k', attempt: 1, inputDigest: 'd' };
    const bounds = { windowMs: 1, timeoutMs: 1, risk: 'low' as const };
    return this.add('EffectIntended', task, { ...intent, ...bounds }, op);
  }

  commit(task: string, op: number): this {
    const what = { action: 'refund', key: 'k', occurrence: 1, by: 'attempt' as const };
    return this.add('EffectCommitted', task, what, op);
  }

  redrive(task: string): { task: string; keepUpTo: number }[] {
    return planRedrive(this.events, asked(task)).flatMap(({ type, task: id, meta }) =>
      type === 'TaskReopened' ? [{ task: id, keepUpTo: (meta as Reopened).keepUpTo }] : [],
    );
  }

  /** The log after the plan was recorded. */
  redriven(task: string, corrected?: CorrectedRequest): RecordedEvent[] {
    const plan = planRedrive(this.events, { ...asked(task), corrected });
    for (const { type, task: id, meta } of plan) this.add(type, id, meta);
    return this.events;
  }
}

type Reopened = EventMeta['TaskReopened'];
const asked = (task: string): Redrive => ({ task: task as TaskId, by: 'ann', reason: 'mended' });

const REFUSALS = [RedriveRefused, CorrectionRefused, SettlementRefused];
const refusal = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (thrown) {
    if (REFUSALS.some((kind) => thrown instanceof kind) && thrown instanceof Error) {
      return thrown.message;
    }
    throw thrown;
  }
  throw new Error('it was not refused');
};

describe('the plan of a redrive', () => {
  it('reopens a failed root as it was before its end', () => {
    const log = new Log().start('r').step('r', 1).fail('r');
    expect(log.redrive('r')).toEqual([{ task: 'r', keepUpTo: 3 }]);
  });

  it('says who decided, and why', () => {
    const log = new Log().start('r').fail('r');
    expect(planRedrive(log.events, asked('r'))[0]).toEqual({
      type: 'TaskReopened',
      task: 'r',
      op: 0,
      meta: { keepUpTo: 2, by: 'ann', reason: 'mended' },
      data: '',
    });
  });

  it('reopens every caller that the failure ended, the farthest first', () => {
    const log = new Log().start('r').start('r.1').start('r.1.1');
    log.fail('r.1.1').fail('r.1', 'r.1.1').fail('r', 'r.1.1');
    expect(log.redrive('r.1.1')).toEqual([
      { task: 'r', keepUpTo: 7 },
      { task: 'r.1', keepUpTo: 6 },
      { task: 'r.1.1', keepUpTo: 6 },
    ]);
  });

  it('G4: leaves in every journal what has a result, and not the failure', () => {
    const log = new Log().start('r').step('r', 1).start('r.2').step('r.2', 1);
    const events = log.fail('r.2').fail('r', 'r.2').redriven('r.2');
    const caller = new Journal('r' as TaskId, events);
    const callee = new Journal('r.2' as TaskId, events);
    expect(caller.recorded(1).map(({ type }) => type)).toEqual(['StepCompleted']);
    expect(caller.recorded(2).map(({ type }) => type)).toEqual(['TaskScheduled']);
    expect(callee.recorded(1).map(({ type }) => type)).toEqual(['StepCompleted']);
  });

  it('G4: keeps a failure that a caller had caught before', () => {
    const log = new Log().start('r');
    log.add('EffectRejected', 'r', { error }, 1).start('r.2').fail('r.2').fail('r', 'r.2');
    const caller = new Journal('r' as TaskId, log.redriven('r.2'));
    expect(caller.recorded(1).map(({ type }) => type)).toEqual(['EffectRejected']);
  });

  it('reopens a parked task alone, since its callers still wait', () => {
    const log = new Log().start('r').start('r.1').park('r.1');
    expect(log.redrive('r.1')).toEqual([{ task: 'r.1', keepUpTo: 4 }]);
  });

  it('leaves a caller that was parked before the failure to its own decision', () => {
    const log = new Log().start('r').start('r.1').park('r').fail('r.1');
    expect(log.redrive('r.1')).toEqual([{ task: 'r.1', keepUpTo: 5 }]);
  });

  it('reopens a task again that failed again', () => {
    const log = new Log().start('r').fail('r');
    log.redriven('r');
    log.fail('r');
    expect(log.redrive('r')).toEqual([{ task: 'r', keepUpTo: 4 }]);
  });

  it('follows a handoff: the task that finished the work has no caller', () => {
    const log = new Log().start('r');
    const to = 'r.1' as TaskId;
    const as = { role: 'clerk', major: 1, name: 'job', version: 1, returnTo: null };
    log.add('TaskScheduled', 'r.1', { ...as, by: { task: 'r' as TaskId, op: 1 } });
    log.add('TaskHandedOff', 'r', { to });
    log.add('TaskFailed', 'r.1', { error, returnTo: null, origin: { task: to, role: 'clerk' } });
    expect(log.redrive('r.1')).toEqual([{ task: 'r.1', keepUpTo: 4 }]);
  });

  it('refuses a task that another one ended, and names that one', () => {
    const log = new Log().start('r').start('r.1').fail('r.1').fail('r', 'r.1');
    expect(refusal(() => log.redrive('r'))).toContain('it failed because r.1 did');
  });

  it('refuses a task that waits for nobody', () => {
    expect(refusal(() => new Log().start('r').redrive('r'))).toContain('is running');
  });

  it('refuses a failure that a caller has caught', () => {
    const log = new Log().start('r').start('r.1').fail('r.1').step('r', 2);
    expect(refusal(() => log.redrive('r.1'))).toContain('only a failure that nobody caught');
  });

  it.each<[string, (log: Log) => Log]>([
    ['an effect', (log) => log.intend('r', 2)],
    ['a call', (log) => log.start('r.2')],
    ['a change of state', (log) => log.add('StateChanged', 'r', { fields: ['f'] }, 2)],
    ['a signal', (log) => log.add('SignalTaken', 'r', { name: 's', signal: 1, version: 1 }, 2)],
  ])('refuses when a caller went on to %s after the failure', (_, goOn) => {
    const log = goOn(new Log().start('r').start('r.1').fail('r.1')).fail('r');
    expect(refusal(() => log.redrive('r.1'))).toContain('cannot be taken back');
  });

  it('does not mind what a caller did before the failure', () => {
    const log = new Log().start('r').intend('r', 1).commit('r', 1).start('r.2').fail('r.2');
    expect(log.fail('r', 'r.2').redrive('r.2')).toHaveLength(2);
  });

  it('knows no task that was never scheduled', () => {
    expect(() => new Log().start('r').redrive('r.9')).toThrow(UnknownTask);
  });
});

describe('the plan of a redrive with a corrected request', () => {
  const corrected = { version: 2, body: '{"orderId":"#W2"}' };
  const rejected = (log: Log): Log => log.intend('r', 1).add('EffectRejected', 'r', { error }, 1);

  it('records the request with who corrected it and why, behind the reopening', () => {
    const log = new Log().start('r').fail('r');
    expect(planRedrive(log.events, { ...asked('r'), corrected })[1]).toEqual({
      ...{ type: 'RequestCorrected', task: 'r', op: 0, data: corrected.body },
      meta: { version: 2, by: 'ann', reason: 'mended' },
    });
  });

  it('lets the task begin anew: what it came to with the old request counts no longer', () => {
    const log = rejected(new Log().start('r').step('r', 2)).fail('r');
    const events = log.redriven('r', corrected);
    expect(new Journal('r' as TaskId, events).all()).toEqual([]);
  });

  it('does not take the timer of an operation that is forgotten for one of a new operation', () => {
    const log = new Log().start('r').add('TimerSet', 'r', { delayMs: 1 }, 3).fail('r');
    log.redriven('r', corrected);
    log.add('TimerFired', 'r', {}, 3);
    expect(new Journal('r' as TaskId, log.events).lastOperation()).toBe(0);
  });

  it('reopens the callers that the failure ended, as they were', () => {
    const log = new Log().start('r').start('r.1').step('r.1', 1).fail('r.1').fail('r', 'r.1');
    log.redriven('r.1', corrected);
    const keepUpTo = log.events.flatMap((event) =>
      event.type === 'TaskReopened' ? [[event.task, event.meta.keepUpTo]] : [],
    );
    expect(keepUpTo).toEqual([
      ['r', 5],
      ['r.1', 3],
    ]);
  });

  it.each<[string, (log: Log) => Log]>([
    ['had an effect', (log) => log.intend('r', 1).commit('r', 1)],
    ['left one open', (log) => log.intend('r', 1)],
    ['called another', (log) => log.start('r.1')],
    ['changed the state', (log) => log.add('StateChanged', 'r', { fields: ['f'] }, 1)],
    [
      'took a signal',
      (log) => log.add('SignalTaken', 'r', { name: 's', signal: 1, version: 1 }, 1),
    ],
  ])('is refused of a task that %s', (_, went) => {
    const log = went(new Log().start('r')).fail('r');
    expect(refusal(() => log.redriven('r', corrected))).toContain('cannot be taken back');
  });
});

describe('the settlement of an effect in doubt', () => {
  const doubtful = (): Log => new Log().start('r').intend('r', 1);
  const settle = (log: Log, more: Partial<Settlement> = {}): unknown =>
    planSettlement(log.events, {
      task: 'r' as TaskId,
      op: 1,
      verdict: 'happened',
      receipt: '{"id":1}',
      by: 'ann',
      reason: 'the bank said so',
      ...more,
    });

  it('records the verdict with the receipt, who gave it and why', () => {
    expect(settle(doubtful().park('r'))).toEqual([
      {
        type: 'EffectSettled',
        task: 'r',
        op: 1,
        meta: { verdict: 'happened', by: 'ann', reason: 'the bank said so' },
        data: '{"id":1}',
      },
    ]);
  });

  it.each<[string, Log, Partial<Settlement>, string]>([
    ['a task that runs', doubtful(), {}, 'is running'],
    ['an operation that is no effect', doubtful().park('r'), { op: 2 }, 'not an effect in doubt'],
    ['an effect with a receipt', doubtful().commit('r', 1).park('r'), {}, 'not an effect in doubt'],
  ])('refuses %s', (_, log, more, why) => {
    expect(refusal(() => settle(log, more))).toContain(why);
  });
});
