// What the log says about one task: which operations it issued, and what came back for each.
//
//   J1. Events are added in the order of the log; so are results delivered.
//   J2. An operation is known by its number and its name. Another name under the same number is NonDeterminism.
//   J3. What was delivered by a failure that a person has reopened counts no longer.
//   J4. A failure that the task's own policy takes back is not delivered; the attempts that led to it count.

import type { OperationNumber, RecordedEvent, TaskId, Version } from '../events/event.js';
import { NonDeterminism } from '../failure/failures.js';

/** An event that ends an operation: its result goes to the handler. */
export interface Delivery {
  readonly op: OperationNumber;
  readonly event: RecordedEvent;
}

export class Journal {
  private readonly operations = new Map<OperationNumber, RecordedEvent[]>();
  private deliveries: Delivery[] = [];
  private delivered = 0;
  private attempts: RecordedEvent<'AttemptFailed'>[] = [];
  private isPutOff = false;
  /** Version up to which everything addressed to the task has been added. */
  readUpTo: Version = 0;

  constructor(
    readonly task: TaskId,
    history: readonly RecordedEvent[],
  ) {
    for (const event of history) this.add(event);
  }

  /** Adds what concerns this task; anything else only moves `readUpTo`. */
  add(event: RecordedEvent): void {
    if (event.version <= this.readUpTo) return;
    this.readUpTo = event.version;
    if (event.type === 'TaskReopened') {
      this.reopen(event);
      return;
    }
    if (event.task === this.task && event.op === 0) this.addOwn(event);
    const op = this.operationOf(event);
    if (op === null || this.isLate(event, op)) return;
    const events = this.eventsOf(op);
    events.push(event);
    if (endsOperation(event, events)) this.deliveries.push({ op, event });
  }

  /** Attempts of the task that failed and were followed by another, since a person last reopened it. */
  get failedAttempts(): readonly RecordedEvent<'AttemptFailed'>[] {
    return this.attempts;
  }

  /** Whether the task waits for the timer of its next attempt, or of its next question to its target. */
  get awaitsAttempt(): boolean {
    return this.isPutOff;
  }

  /** Everything recorded of an operation, in order; empty when it is new. */
  recorded(op: OperationNumber): readonly RecordedEvent[] {
    return this.operations.get(op) ?? [];
  }

  /** Everything recorded of each operation that counts. */
  all(): (readonly RecordedEvent[])[] {
    return [...this.operations.values()];
  }

  /** The next result in the order of the log that the handler has not got yet. */
  next(): Delivery | undefined {
    return this.deliveries[this.delivered];
  }

  advance(): void {
    this.delivered += 1;
  }

  /** @throws NonDeterminism when the history knows this operation by another name (J2) */
  check(op: OperationNumber, name: string): void {
    const recorded = this.nameOf(op);
    if (recorded === undefined || recorded === name) return;
    throw new NonDeterminism(
      `operation ${op} of task ${this.task} is «${name}» now, and «${recorded}» in its history. ` +
        'The handler was changed under running work: guard the change with task.patched(), or bring the old code back',
      { op, now: name, recorded, history: this.names() },
    );
  }

  /** Whether another operation of the task has committed this effect: a second use only joins it (E1). */
  hasCommitted(action: string, key: string, except: OperationNumber): boolean {
    return this.deliveries.some(
      ({ op, event }) =>
        op !== except &&
        event.type === 'EffectCommitted' &&
        event.meta.action === action &&
        event.meta.key === key,
    );
  }

  /** The result that came last; undefined when there is none. */
  lastResult(): Delivery | undefined {
    return this.deliveries.at(-1);
  }

  /** The highest operation of the history; 0 when there is none. */
  lastOperation(): OperationNumber {
    return Math.max(0, ...this.operations.keys());
  }

  /** Operations of the history by name, in order of number: what a person compares. */
  names(): string[] {
    const numbers = [...this.operations.keys()].sort((a, b) => a - b);
    return numbers.map((op) => `${op} ${this.nameOf(op) ?? '?'}`).slice(-MAX_NAMES);
  }

  /** Where in the task an operation is, as a person names it: an effect by its action alone; null when it is unknown. */
  siteOf(op: OperationNumber): string | null {
    const intent = this.recorded(op).findLast((event) => event.type === 'EffectIntended');
    return intent ? `effect ${intent.meta.action}` : (this.nameOf(op) ?? null);
  }

  private nameOf(op: OperationNumber): string | undefined {
    for (const event of this.recorded(op)) {
      const name = operationName(event);
      if (name !== undefined) return name;
    }
    return undefined;
  }

  private operationOf(event: RecordedEvent): OperationNumber | null {
    if (event.type === 'TaskScheduled') {
      return event.meta.by?.task === this.task ? event.meta.by.op : null;
    }
    if (event.type === 'TaskCompleted' || event.type === 'TaskFailed') {
      return event.meta.returnTo?.task === this.task ? event.meta.returnTo.op : null;
    }
    return event.task === this.task && event.op > 0 ? event.op : null;
  }

  /** What is about the task and none of its operations. */
  private addOwn(event: RecordedEvent): void {
    if (event.type === 'TimerFired') this.isPutOff = false;
    if (event.type === 'AttemptDeferred') this.isPutOff = true;
    if (event.type !== 'AttemptFailed') return;
    this.isPutOff = true;
    this.attempts.push(event);
    if (event.meta.op !== undefined) this.takeBack(event.meta.op);
  }

  /** J4. */
  private takeBack(op: OperationNumber): void {
    const at = this.deliveries.findIndex((delivery) => delivery.op === op);
    if (at < 0) return;
    this.deliveries.splice(at, 1);
    if (at < this.delivered) this.delivered -= 1;
  }

  /** The timer of an operation that has been forgotten (J3). */
  private isLate({ type }: RecordedEvent, op: OperationNumber): boolean {
    return type === 'TimerFired' && !this.operations.has(op);
  }

  private eventsOf(op: OperationNumber): RecordedEvent[] {
    const events = this.operations.get(op) ?? [];
    if (events.length === 0) this.operations.set(op, events);
    return events;
  }

  /** Forgets what the reopened failure has made obsolete (J3). */
  private reopen(event: RecordedEvent<'TaskReopened'>): void {
    if (event.task === this.task) {
      this.attempts = [];
      this.isPutOff = false;
      this.forget((e) => e.task === this.task && e.version > event.meta.keepUpTo);
      const last = this.deliveries.at(-1)?.event;
      if (last && isOwnFailure(last)) this.forget((e) => e.task === this.task && e.op === last.op);
    } else {
      this.forget((e) => e.type === 'TaskFailed' && e.task === event.task);
    }
  }

  private forget(obsolete: (event: RecordedEvent) => boolean): void {
    for (const [op, events] of this.operations) {
      const kept = events.filter((event) => !obsolete(event));
      if (kept.length > 0) this.operations.set(op, kept);
      else this.operations.delete(op);
    }
    this.deliveries = this.deliveries.filter(({ event }) => !obsolete(event));
  }
}

const MAX_NAMES = 50;

/** Whether this event brings the result, good or bad, of an operation with these events to the handler. */
function endsOperation(event: RecordedEvent, events: readonly RecordedEvent[]): boolean {
  switch (event.type) {
    case 'StepCompleted':
    case 'EffectCommitted':
    case 'EffectAdopted':
    case 'EffectRejected':
    case 'SignalTaken':
    case 'StateChanged':
    case 'Patched':
    case 'SavepointReached':
    case 'OperationSkipped':
    case 'EffectCompensated':
      return true;
    case 'CallCancelled':
    case 'TaskCompleted':
    case 'TaskFailed': // a call that is no longer wanted may have ended meanwhile: what came first counts
      return events.filter(endsCall).length === 1;
    case 'StepFailed':
    case 'EffectNotPerformed':
      return event.meta.retryInMs === null;
    case 'TimerFired': // of a sleep; that of a retry only makes the next attempt due
      return events.some(({ type }) => type === 'TimerSet');
    default:
      return false;
  }
}

const endsCall = ({ type }: RecordedEvent): boolean =>
  type === 'CallCancelled' || type === 'TaskCompleted' || type === 'TaskFailed';

/** Whether an operation of the task itself failed, for good. */
export const isOwnFailure = ({ type }: RecordedEvent): boolean =>
  type === 'StepFailed' || type === 'EffectNotPerformed' || type === 'EffectRejected';

/** An operation's name as its events tell it; undefined for those that do not. */
function operationName(event: RecordedEvent): string | undefined {
  switch (event.type) {
    case 'StepCompleted':
    case 'StepFailed':
      return `step ${event.meta.name}`;
    case 'AttemptDeferred':
      return event.meta.name;
    case 'TaskScheduled':
      return `call ${event.meta.role}.${event.meta.name}`;
    case 'TimerSet':
      return 'sleep';
    case 'EffectIntended':
      return `effect ${event.meta.action} ${event.meta.key}`;
    case 'EffectCompensated':
      return `compensated ${event.meta.action} ${event.meta.key}`;
    case 'SignalTaken':
      return `signal ${event.meta.name}`;
    case 'StateChanged':
      return `state ${event.meta.fields.join(' ')}`;
    case 'SavepointReached':
      return `savepoint ${event.meta.name}`;
    case 'Patched':
      return `patched ${event.meta.id}`;
    default:
      return undefined;
  }
}
