import { describe, expect, it } from '@jest/globals';
import type { EventMeta, EventType, RecordedEvent, TaskId } from '../events/event.js';
import { NonDeterminism } from '../failure/failures.js';
import { Journal } from './journal.js';

const me = 'r.2' as TaskId;
const parent = 'r' as TaskId;
const child = 'r.2.1' as TaskId;

/** A log, written down one event after the other. */
class Log {
  readonly events: RecordedEvent[] = [];

  add<T extends EventType>(
    type: T,
    task: TaskId | '',
    op: number,
    meta: EventMeta[T],
    data = '',
  ): this {
    const version = this.events.length + 1;
    this.events.push({ type, task, op, meta, data, version, epoch: 1, atMs: 0 } as RecordedEvent);
    return this;
  }

  step(op: number, name: string): this {
    return this.add('StepCompleted', me, op, { name, attempt: 1 }, '1');
  }

  stepFailed(op: number, name: string, retryInMs: number | null): this {
    return this.add('StepFailed', me, op, { name, attempt: 1, error: [], retryInMs, timer: false });
  }

  attemptFailed(attempt: number, op?: number): this {
    const meta = { attempt, error: [], retryInMs: 10 };
    return this.add('AttemptFailed', me, 0, op === undefined ? meta : { ...meta, op });
  }

  call(op: number): this {
    const address = { task: me, op };
    const meta = { role: 'orders', major: 1, name: 'lookup', version: 1 };
    return this.add('TaskScheduled', child, 0, { ...meta, by: address, returnTo: address });
  }

  callFailed(op: number): this {
    const origin = { task: child, role: 'orders' };
    return this.add('TaskFailed', child, 0, { error: [], returnTo: { task: me, op }, origin });
  }

  callCompleted(op: number): this {
    return this.add('TaskCompleted', child, 0, { version: 1, returnTo: { task: me, op } }, '{}');
  }

  journal(): Journal {
    return new Journal(me, this.events);
  }
}

/** What a journal would deliver, as operation and type. */
function deliveries(journal: Journal): string[] {
  const found: string[] = [];
  for (let next = journal.next(); next; next = journal.next()) {
    found.push(`${next.op} ${next.event.type}`);
    journal.advance();
  }
  return found;
}

describe('a journal', () => {
  it('delivers what ends an operation of its task, in the order of the log', () => {
    const log = new Log()
      .call(1)
      .step(2, 'b')
      .add('StepCompleted', parent, 1, { name: 'not mine', attempt: 1 })
      .stepFailed(3, 'c', 10)
      .callCompleted(1)
      .step(3, 'c');
    expect(deliveries(log.journal())).toEqual([
      '2 StepCompleted',
      '1 TaskCompleted',
      '3 StepCompleted',
    ]);
  });

  it('delivers a timer that ends a sleep, and none that only makes a retry due', () => {
    const log = new Log()
      .add('TimerSet', me, 1, { delayMs: 5 })
      .stepFailed(2, 'slow', 5000)
      .add('TimerFired', me, 2, {})
      .add('TimerFired', me, 1, {});
    expect(deliveries(log.journal())).toEqual(['1 TimerFired']);
  });

  it('delivers a step that failed for good as its failure', () => {
    expect(deliveries(new Log().stepFailed(1, 'a', null).journal())).toEqual(['1 StepFailed']);
  });

  it('adds each event once, however often it is read', () => {
    const log = new Log().step(1, 'a');
    const journal = log.journal();
    for (const event of log.events) journal.add(event);
    expect(deliveries(journal)).toEqual(['1 StepCompleted']);
  });

  it('refuses another name under a recorded number, and shows both histories', () => {
    const journal = new Log().step(1, 'old').call(2).journal();
    expect(() => {
      journal.check(1, 'step new');
    }).toThrow(NonDeterminism);
    expect(journal.names()).toEqual(['1 step old', '2 call orders.lookup']);
    expect(() => {
      journal.check(2, 'call orders.lookup');
    }).not.toThrow();
  });

  it('allows any name under a number that has none recorded', () => {
    expect(() => {
      new Log().step(1, 'a').journal().check(2, 'step b');
    }).not.toThrow();
  });
});

describe('a task that a person has reopened', () => {
  it('forgets its own failure that was the last thing it heard, attempts included', () => {
    const log = new Log()
      .step(1, 'a')
      .stepFailed(2, 'b', 10)
      .stepFailed(2, 'b', null)
      .add('TaskFailed', me, 0, { error: [], returnTo: null, origin: { task: me, role: 'x' } })
      .add('TaskReopened', me, 0, { keepUpTo: 3, by: 'ann' });
    const journal = log.journal();
    expect(deliveries(journal)).toEqual(['1 StepCompleted']);
    expect(journal.recorded(2)).toEqual([]);
  });

  it('forgets a called task’s failure when that one was reopened, and what it did after', () => {
    const log = new Log()
      .call(1)
      .callFailed(1)
      .step(2, 'tell somebody')
      .add('TaskReopened', child, 0, { keepUpTo: 1, by: 'ann' })
      .add('TaskReopened', me, 0, { keepUpTo: 1, by: 'ann' })
      .callCompleted(1);
    const journal = log.journal();
    expect(deliveries(journal)).toEqual(['1 TaskCompleted']);
    expect(journal.recorded(2)).toEqual([]);
  });

  it('keeps a failure that its handler had caught and gone on from', () => {
    const log = new Log()
      .stepFailed(1, 'a', null)
      .step(2, 'b')
      .add('TaskReopened', me, 0, { keepUpTo: 2, by: 'ann' });
    expect(deliveries(log.journal())).toEqual(['1 StepFailed', '2 StepCompleted']);
  });
});

describe('a task whose target takes no work', () => {
  it('waits for its own timer, and asks again then', () => {
    const deferred = { name: 'task run', target: 'bank', reason: 'open', retryInMs: 9 } as const;
    const log = new Log().step(1, 'a').add('AttemptDeferred', me, 0, deferred);
    const journal = log.journal();
    expect([journal.awaitsAttempt, journal.failedAttempts]).toEqual([true, []]);
    journal.add({ ...new Log().add('TimerFired', me, 0, {}).events[0]!, version: 99 });
    expect(journal.awaitsAttempt).toBe(false);
  });

  it('does not wait for what one of its operations waits for', () => {
    const deferred = { name: 'step a', target: 'bank', reason: 'open', retryInMs: 9 } as const;
    expect(new Log().add('AttemptDeferred', me, 1, deferred).journal().awaitsAttempt).toBe(false);
  });
});

describe('a task whose attempt failed', () => {
  it('waits for its own timer, and for that of no operation', () => {
    const journal = new Log().step(1, 'a').attemptFailed(1).add('TimerFired', me, 1, {}).journal();
    expect(journal.awaitsAttempt).toBe(true);
    journal.add({ ...new Log().add('TimerFired', me, 0, {}).events[0]!, version: 99 });
    expect(journal.awaitsAttempt).toBe(false);
  });

  it('is not told again of the failure that ended it, whose attempts still count', () => {
    const log = new Log()
      .stepFailed(1, 'a', 10)
      .step(2, 'b')
      .stepFailed(1, 'a', null)
      .step(3, 'c')
      .attemptFailed(1, 1);
    const journal = log.journal();
    expect(deliveries(journal)).toEqual(['2 StepCompleted', '3 StepCompleted']);
    expect(journal.recorded(1)).toHaveLength(2);
  });

  it('is told of nothing twice when it fails while it is being worked on', () => {
    const journal = new Log().step(1, 'a').stepFailed(2, 'b', null).step(3, 'c').journal();
    journal.advance();
    journal.advance();
    journal.add({ ...new Log().attemptFailed(1, 2).events[0]!, version: 99 });
    expect(deliveries(journal)).toEqual(['3 StepCompleted']);
  });

  it('is told of it when no attempt is left', () => {
    const log = new Log().stepFailed(1, 'a', null).attemptFailed(1, 1).stepFailed(1, 'a', null);
    expect(deliveries(log.journal())).toEqual(['1 StepFailed']);
  });

  it('has all its attempts again when a person reopens it', () => {
    const log = new Log().attemptFailed(1).attemptFailed(2);
    expect(log.journal().failedAttempts).toHaveLength(2);
    log.add('TaskReopened', me, 0, { keepUpTo: 2, by: 'ann' });
    expect(log.journal().failedAttempts).toEqual([]);
    expect(log.journal().awaitsAttempt).toBe(false);
  });
});
