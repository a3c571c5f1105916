import {
  decodeResult,
  decodeSignal,
  encodeRequest,
  type SignalContract,
  type TaskContract,
  type WorkflowContract,
} from '@lockstep/contracts';
import {
  CallCancelled,
  CallFailed,
  EffectExhausted,
  EffectRejected,
  NonDeterminism,
  isOfRollback,
  StepFailedForGood,
  type OperationNumber,
  type RecordedEvent,
  type TaskId,
  type Version,
} from '@lockstep/kernel';
import { digestOf, type AppendItem } from '@lockstep/store';
import type { AnyEffect, EffectDefinition } from '../effects/spec.js';
import { type Duration, durationMs } from '../effects/duration.js';
import { checkKey } from '../effects/effect-key.js';
import { EffectRun } from '../effects/effect-run.js';
import { scheduledOf, taskEvent } from '../execution/ending.js';
import { Livelock } from '../execution/livelock.js';
import type { Operation } from '../execution/operations.js';
import { repeatUntilAnswered } from '../execution/repeat.js';
import { takeSignal } from '../execution/signals.js';
import { runStep, stepWork } from '../execution/step.js';
import type { TaskExecution } from '../execution/task-execution.js';
import { UnlistedEffect } from '../rollback/cannot-undo.js';
import type { Committed } from '../rollback/committed.js';
import { NestedTarget, type Target } from '../targets/target.js';
import { SharedStateOf } from './shared-state.js';
import type { SharedState, StepIo, StepOptions, TaskContext } from './task-context.js';
import type { TaskLog } from './task-log.js';

type Issue = Omit<Operation, 'op' | 'name' | 'deliver' | 'start'> & {
  readonly items?: (op: OperationNumber) => readonly AppendItem[];
  readonly start?: (op: OperationNumber) => Promise<unknown>;
};

/** Gives each operation of the handler its number, and its promise. */
export class HandlerContext implements TaskContext {
  readonly id: TaskId;
  readonly workflow: TaskContext['workflow'];
  readonly attempt: number;
  readonly cancellation: AbortSignal;
  readonly log: TaskLog;

  /** Of the operations that have no result yet, by their promises. */
  private readonly numbers = new Map<object, OperationNumber>();

  /** @param target - of the task as a whole */
  constructor(
    private readonly execution: TaskExecution,
    private readonly target: Target | undefined,
  ) {
    const { claimed } = execution;
    this.id = claimed.task;
    this.workflow = { id: claimed.wf, type: claimed.workflowType, tenant: claimed.tenant };
    this.attempt = claimed.epoch;
    this.cancellation = execution.stop;
    this.log = execution.log;
  }

  step<Result>(
    name: string,
    run: (io: StepIo) => Result | Promise<Result>,
    options: StepOptions = {},
  ): Promise<Result> {
    const work = stepWork(name, run, options);
    this.checkTarget(`step ${name}`, options.target);
    const start = (op: OperationNumber): Promise<unknown> =>
      runStep(this.execution, { op, ...work });
    return this.issue(`step ${name}`, { by: 'step', start }, (event) => {
      if (event.type !== 'StepFailed') return parsed(event.data) as Result;
      throw new StepFailedForGood(name, event.meta.attempt, event.meta.error);
    });
  }

  effect<Input, Receipt>(
    definition: EffectDefinition<Input, Receipt>,
    { key, input }: { readonly key: string; readonly input: NoInfer<Input> },
  ): Promise<Receipt> {
    const { action } = definition;
    checkKey(action, key);
    this.checkListed(definition);
    this.checkTarget(`effect ${action}`, definition.spec.target);
    const start = (op: OperationNumber): Promise<void> => {
      const body = JSON.stringify(input);
      const { execution } = this;
      const inputDigest = digestOf(body);
      return new EffectRun({ execution, definition, op, key, input, body, inputDigest }).run();
    };
    return this.issue(`effect ${action} ${key}`, { by: 'effect', start }, (event) => {
      if (event.type === 'EffectRejected') throw new EffectRejected(action, key, event.meta.error);
      if (event.type !== 'EffectNotPerformed') return parsed(event.data) as Receipt;
      throw new EffectExhausted(action, key, event.meta.attempt, event.meta.error);
    });
  }

  call<Request, Result>(
    contract: TaskContract<Request, Result>,
    request: NoInfer<Request>,
  ): Promise<Result> {
    const called = `${contract.role}.${contract.name}`;
    const { body } = encodeRequest(contract, request);
    const items = (op: OperationNumber): AppendItem[] => {
      const scheduled = this.scheduled(contract, body, op, { task: this.id, op });
      const record = (): void => void this.execution.record([scheduled]).catch(() => undefined);
      return this.isSound(scheduled, op, record) ? [scheduled] : [];
    };
    return this.issue(`call ${called}`, { by: 'task', items }, (event) => {
      if (event.type === 'CallCancelled') throw new CallCancelled(called, event.meta.reason);
      if (event.type === 'TaskFailed')
        throw new CallFailed(called, event.meta.error, event.meta.origin);
      const { version } = (event as RecordedEvent<'TaskCompleted'>).meta;
      return decodeResult(contract, { version, body: event.data });
    });
  }

  cancel(call: Promise<unknown>, reason: string): void {
    const op = this.numbers.get(call);
    const { isSettling, journal } = this.execution;
    if (op === undefined || isSettling || journal.recorded(op).some(isCancelling)) return;
    const event = taskEvent(this.execution.claimed, 'CallCancelled', { reason }, op);
    const item = { event, cancel: `${this.id}.${op}` as TaskId };
    this.execution.record([item]).catch(() => undefined); // a lost claim: whoever comes next asks again
  }

  handoff<Request, Result>(
    contract: TaskContract<Request, Result>,
    request: NoInfer<Request>,
  ): Promise<Result> {
    const { body } = encodeRequest(contract, request);
    const { returnTo } = scheduledOf(this.execution.claimed);
    const op = this.execution.operations.count + 1;
    const scheduled = this.scheduled(contract, body, op, returnTo);
    const handOff = (): void => {
      this.execution.ended({ as: 'handed-off', scheduled });
    };
    if (this.isSound(scheduled, op, handOff)) handOff();
    return never();
  }

  all<const Operations extends readonly unknown[]>(
    operations: Operations,
  ): Promise<{ -readonly [Index in keyof Operations]: Awaited<Operations[Index]> }> {
    const numbers = operations.flatMap((operation) => this.numbers.get(operation as object) ?? []);
    this.execution.operations.group(numbers);
    return Promise.all(operations);
  }

  sleep(duration: Duration): Promise<void> {
    const delayMs = Math.ceil(durationMs(duration));
    const items = (op: OperationNumber): AppendItem[] => [
      { event: taskEvent(this.execution.claimed, 'TimerSet', { delayMs }, op), timerMs: delayMs },
    ];
    return this.issue('sleep', { by: 'timer', items }, () => undefined);
  }

  signal<Payload>(contract: SignalContract<Payload>): Promise<Payload> {
    const { name } = contract;
    const start = (op: OperationNumber): Promise<void> => takeSignal(this.execution, op, name);
    return this.issue(`signal ${name}`, { by: 'signal', signal: name, start }, (event) => {
      const { version } = (event as RecordedEvent<'SignalTaken'>).meta;
      return decodeSignal(contract, { version, body: event.data });
    });
  }

  state<State>(contract: WorkflowContract<unknown, unknown, State, unknown>): SharedState<State> {
    return new SharedStateOf(this.execution, contract, (name, change) =>
      this.issue(name, { by: 'append', ...change }, () => undefined),
    );
  }

  /** Takes an operation number only where the changed code runs: old histories have none for it. */
  patched(id: string): Promise<boolean> {
    const op = this.execution.operations.count + 1;
    const { journal } = this.execution;
    const isMarked = journal
      .recorded(op)
      .some((event) => event.type === 'Patched' && event.meta.id === id);
    if (!isMarked && journal.lastOperation() >= op) return Promise.resolve(false);
    const items = (): AppendItem[] => [
      { event: taskEvent(this.execution.claimed, 'Patched', { id }, op) },
    ];
    return this.issue(`patched ${id}`, { by: 'append', items }, () => true);
  }

  savepoint(name: string): Promise<void> {
    const items = (op: OperationNumber): AppendItem[] => [
      { event: taskEvent(this.execution.claimed, 'SavepointReached', { name }, op) },
    ];
    return this.issue(`savepoint ${name}`, { by: 'append', items }, () => undefined);
  }

  /** What was committed at a version of the workflow's log. */
  async committedAt(version: Version): Promise<Committed> {
    const { claimed, ports, lost } = this.execution;
    const read = (): Promise<RecordedEvent[]> => ports.log.all(claimed.wf, version, version);
    const events = this.execution.reading(() => repeatUntilAnswered(read, ports.clock, lost));
    return (await events)[0] as Committed;
  }

  /** Tells the ledger what becomes of an effect. */
  async markUndone(
    { task, meta: { action, key, occurrence } }: Committed,
    to: 'compensating' | 'compensated',
  ): Promise<void> {
    const { ports, lost } = this.execution;
    const { id: wf, tenant } = this.workflow;
    const effect = { tenant, action, key, occurrence, wf, task: task as TaskId };
    await repeatUntilAnswered(() => ports.store.ledger.compensate(effect, to), ports.clock, lost);
  }

  /** An effect is undone: the ledger hears of it, then the log. */
  compensated(committed: Committed): Promise<void> {
    const { action, key, occurrence } = committed.meta;
    const meta = { action, key, occurrence, of: committed.version };
    const start = async (op: OperationNumber): Promise<void> => {
      await this.markUndone(committed, 'compensated');
      const event = taskEvent(this.execution.claimed, 'EffectCompensated', meta, op);
      await this.execution.record([{ event }]);
    };
    return this.issue(`compensated ${action} ${key}`, { by: 'append', start }, () => undefined);
  }

  /** @throws NestedTarget when the task has a permit of it */
  private checkTarget(what: string, target: Target | undefined): void {
    if (target && target.name === this.target?.name) throw new NestedTarget(what, target.name);
  }

  /** @throws UnlistedEffect when a rollback would not find it */
  private checkListed({ action, spec }: AnyEffect): void {
    const { claimed, ports } = this.execution;
    if (spec.compensate === undefined || ports.effects.has(action) || isOfRollback(claimed.task))
      return;
    throw new UnlistedEffect(action, scheduledOf(claimed).role);
  }

  /**
   * Whether it can be asked for at once; else it is looked at first, and `go` is called unless it is a livelock.
   * What is only settled asks for nothing new, so there is nothing to look at.
   */
  private isSound({ event }: AppendItem, op: OperationNumber, go: () => void): boolean {
    const { guard, isSettling, journal } = this.execution;
    if (isSettling || journal.recorded(op).length > 0 || !guard.suspects(event)) return true;
    const refused = (error: unknown): void => {
      const reason = error instanceof Livelock ? error.code : 'Defect';
      if (!this.execution.lost.aborted) this.execution.park({ reason, error, op });
    };
    void this.execution.reading(() => guard.check(event).then(go, refused));
    return false;
  }

  private scheduled<Request, Result>(
    { role, major, inbox, name, version }: TaskContract<Request, Result>,
    body: string,
    op: OperationNumber,
    returnTo: { readonly task: TaskId; readonly op: OperationNumber } | null,
  ): AppendItem {
    const task = `${this.id}.${op}` as TaskId;
    const { marks } = this.execution.guard;
    const meta = { role, major, name, version, by: { task: this.id, op }, returnTo, marks };
    const event = { type: 'TaskScheduled', task, op: 0, meta, data: body } as const;
    return { event, deliver: { inbox, returnTo } };
  }

  private issue<Result>(
    name: string,
    { by, signal, items, start }: Issue,
    read: (event: RecordedEvent) => Result,
  ): Promise<Result> {
    const op = this.execution.operations.count + 1;
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const deliver = (event: RecordedEvent): void => {
      this.numbers.delete(promise);
      try {
        resolve(read(event));
      } catch (error) {
        this.execution.told.tell(error, op, this.execution.operations.count);
        promise.catch(() => undefined); // whoever does not wait for an operation is not told of its failure
        reject(error);
      }
    };
    this.numbers.set(promise, op);
    this.register(
      { op, name, by, signal, start: start && (() => start(op)), deliver },
      items?.(op) ?? [],
    );
    return promise;
  }

  private register(operation: Operation, items: readonly AppendItem[]): void {
    try {
      this.execution.issue(operation, items);
    } catch (error) {
      if (!(error instanceof NonDeterminism)) throw error;
      this.execution.park({ reason: error.code, error, op: operation.op });
    }
  }
}

const isCancelling = ({ type }: RecordedEvent): boolean => type === 'CallCancelled';

/** A step without a result has no body. */
const parsed = (body: string): unknown => (body === '' ? undefined : JSON.parse(body));

const never = (): Promise<never> => new Promise(() => undefined);
