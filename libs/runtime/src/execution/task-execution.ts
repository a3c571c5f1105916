// The execution of one claimed task, from its history to its release.
//
//   X1. Results reach the handler one at a time, in the order of the log, after they were recorded, with
//       microtasks drained in between. So a replay takes the same way.
//   X2. Nothing new is started while the history still has results to deliver.
//   X3. The task is suspended when it waits for nothing but other tasks, timers and signals.
//   X4. A task ends after the calls that it made have ended. One that fails does not wait for them.
//   X5. After the claim is lost nothing is appended, delivered or started; the handler is left behind.

import {
  DEFAULT_RETRY,
  Journal,
  NonDeterminism,
  type OperationNumber,
  type RetryPolicy,
  type Version,
} from '@lockstep/kernel';
import type { AppendItem, Store } from '@lockstep/store';
import { ClaimLost, ShuttingDown, type ClaimedTask } from '../worker/claimed-task.js';
import { silentOnReplay, type TaskLog } from '../context/task-log.js';
import type { AnyEffect } from '../effects/spec.js';
import type { Targets } from '../targets/targets.js';
import { Chronicle, type ChroniclePorts } from './chronicle.js';
import {
  cancelledAs,
  endingOf,
  handedBack,
  parkedAs,
  suspendedOn,
  type Ending,
  type Outcome,
  type ParkRequest,
} from './ending.js';
import { drained } from './drained.js';
import { KeyedMutex } from './keyed-mutex.js';
import { LivelockGuard } from './livelock.js';
import { Notifier } from './notifier.js';
import { Operations, type Operation, type ReadyOperation } from './operations.js';
import { Outbox, type OutboxEntry } from './outbox.js';
import { failedAttempt, runsAgain, waitingToRunAgain } from './task-attempt.js';
import { ReplayTimer } from './replay-timer.js';
import { ToldFailures } from './told-failures.js';
import type { WorkflowHistory } from './workflow-history.js';
import { LimitExceeded, WorkflowLimits } from './workflow-limits.js';

export interface ExecutionPorts extends ChroniclePorts {
  readonly store: Pick<Store, 'append' | 'ledger' | 'timeMs' | 'holdPastLimits'>;
  readonly targets: Targets;
  readonly logger: TaskLog;
  /** What a rollback finds at this role, by action. */
  readonly effects: ReadonlyMap<string, AnyEffect>;
  /** How long work in flight may go on after the process was told to end, unit ms. */
  readonly graceMs: number;
  /** Calls and handoffs one behind the other, after which the next is a livelock. */
  readonly maxHops: number;
}

export class TaskExecution {
  readonly journal: Journal;
  readonly operations: Operations;
  readonly guard: LivelockGuard;
  /** One use of an effect's key at a time: a second one in the same task joins the first (E1). */
  readonly keys = new KeyedMutex();
  readonly told = new ToldFailures();
  /** Version of the last event that the handler has got: what it sees of the shared state. */
  deliveredUpTo: Version;

  readonly log: TaskLog;

  private readonly outbox = new Outbox();
  private readonly notifier = new Notifier();
  private readonly chronicle: Chronicle;
  private readonly limits: WorkflowLimits;
  private readonly replay: ReplayTimer;
  /** Aborted when nothing may be appended any more (X5). */
  private readonly gone = new AbortController();
  private readonly over = new AbortController();
  /** Operations that this process works on. */
  private live = 0;
  /** The process ends, and what is in flight had its time. */
  private isOverdue = false;
  private reads = 0;
  private drains = 0;
  private outcome: Outcome | undefined;
  private parking: ParkRequest | undefined;
  /** The next attempt is not due, or the task's target takes no work now: nothing but that is waited for. */
  private isPutOff: boolean;

  constructor(
    readonly claimed: ClaimedTask,
    readonly ports: ExecutionPorts,
    private readonly retry: RetryPolicy = ONE_ATTEMPT,
  ) {
    this.journal = new Journal(claimed.task, claimed.history);
    this.operations = new Operations(this.journal);
    this.isPutOff = claimed.mode === 'run' && this.journal.awaitsAttempt;
    this.chronicle = new Chronicle(claimed, this.journal, this.operations, ports, this.lost);
    this.limits = new WorkflowLimits(claimed, ports);
    this.replay = new ReplayTimer(ports.clock, (seconds) => {
      ports.events.replayed(seconds);
    });
    this.guard = new LivelockGuard(claimed, () => this.history, ports.maxHops);
    this.deliveredUpTo = claimed.history[0]?.version ?? 0;
    this.log = silentOnReplay(ports.logger, () => this.isLive);
  }

  /** Aborted when steps must stop: the claim is lost, or the task has failed. */
  get stop(): AbortSignal {
    return this.over.signal;
  }

  /** Aborted when nothing may be done any more under this claim. */
  get lost(): AbortSignal {
    return this.gone.signal;
  }

  /** The task was cancelled or its handler has failed: nothing new is begun, only the outcome of open effects is wanted. */
  get isSettling(): boolean {
    return this.claimed.mode === 'settle' || this.outcome?.as === 'failed';
  }

  /** The workflow's log from its beginning. */
  get history(): WorkflowHistory {
    return this.chronicle.history;
  }

  get isLive(): boolean {
    return this.journal.next() === undefined;
  }

  /**
   * Runs the handler to the task's release; resolves when this process holds the task no more.
   *
   * @param handler - answers null when the task has to wait, and has recorded for what
   */
  async run(handler: () => Promise<Outcome | null>): Promise<void> {
    const { lost } = this.claimed;
    this.claimed.onWoken((version) => {
      this.chronicle.woken(version);
      this.notifier.notify();
    });
    lost.addEventListener('abort', this.onLost);
    if (lost.aborted) this.onLost();
    if (!this.isLive) this.replay.start();
    if (!this.isPutOff) {
      void handler().then((outcome) => {
        if (outcome) this.ended(outcome);
        else this.putOff();
      });
    }
    try {
      let isReleased: boolean = await this.drain(); // what the handler asks for before any result
      while (!isReleased) {
        const turn = this.turn();
        isReleased = typeof turn === 'boolean' ? turn : await turn;
      }
    } catch (error) {
      if (!this.lost.aborted && !(error instanceof ClaimLost)) await this.giveUp(error);
    } finally {
      lost.removeEventListener('abort', this.onLost);
      this.letGo(LET_GO);
      this.outbox.fail(this.lost.reason);
    }
  }

  /** Ends the handler's part; the first outcome counts. */
  ended(outcome: Outcome): void {
    this.outcome ??= outcome;
    if (outcome.as === 'failed') this.over.abort(outcome.error);
    this.notifier.notify();
  }

  private putOff(): void {
    this.isPutOff = true;
    this.notifier.notify();
  }

  /** Asks to park the task as soon as nothing is in flight. */
  park(request: ParkRequest): void {
    this.parking ??= request;
    this.notifier.notify();
  }

  /** Registers an operation that the handler asks for; what it wants recorded goes into the next append. */
  issue(operation: Operation, items: readonly AppendItem[]): void {
    this.journal.check(operation.op, operation.name);
    this.operations.add(operation);
    if (items.length > 0 && this.isNew(operation)) {
      this.outbox.add({ items, contested: false, done: () => undefined, failed: () => undefined });
    }
    if (this.mayStart()) this.startReady();
    this.notifier.notify();
  }

  /** A call or timer that a cancelled task began would outlive it: nobody would end it. */
  private isNew({ op }: Operation): boolean {
    return !this.isSettling && this.journal.recorded(op).length === 0;
  }

  /** Records items of live work; false when it lost a race against another writer. */
  record(items: readonly AppendItem[], contested = false): Promise<boolean> {
    return new Promise((done, failed) => {
      this.lost.throwIfAborted();
      this.outbox.add({ items, contested, done, failed });
      this.notifier.notify();
    });
  }

  /** Reads something for the handler without recording it: no result is delivered meanwhile. */
  async reading<T>(read: () => Promise<T>): Promise<T> {
    this.reads += 1;
    try {
      return await read();
    } finally {
      this.reads -= 1;
      this.notifier.notify();
    }
  }

  /** One turn of the loop; true when the task is released. Looks at everything that there was notice of. */
  private turn(): boolean | Promise<boolean> {
    this.lost.throwIfAborted(); // X5
    this.notifier.heed();
    if (this.reads > 0) return this.pause();
    if (this.deliverNext()) return this.drain();
    if (this.replay.isRunning && this.isLive) this.replay.stop();
    if (this.chronicle.isBehind) return this.readOn();
    if (!this.isAtItsEnd) this.limits.countEvents(this.journal.readUpTo);
    if (this.canSuspend()) return this.suspend();
    if (!this.outbox.isEmpty) return this.send(this.outbox.take(), undefined);
    if (this.mayStart() && this.startReady()) return false;
    if (this.live > 0 && !this.isOverdue) return this.pause();
    return this.atRest();
  }

  /** Nothing is in flight, and nothing more can be started. */
  private atRest(): boolean | Promise<boolean> {
    if (this.isOverdue || this.leavesWork) return this.release(handedBack(this.claimed));
    if (this.parking) return this.release(this.parkedFor(this.parking));
    if (this.limits.arePassed) return this.hold();
    if (this.claimed.mode === 'settle') return this.settled();
    if (this.isPutOff) return this.wait();
    if (this.outcome) return this.finish(this.outcome);
    if (this.claimed.lost.aborted) return this.release(handedBack(this.claimed));
    return this.pause();
  }

  /** The process ends, and what could be begun was not: the outcome of an effect may be among it. */
  private get leavesWork(): boolean {
    return this.claimed.lost.aborted && this.operations.ready(this.isSettling).length > 0;
  }

  /** Its whole workflow is held, or it begins anew under the limits that hold now. */
  private async hold(): Promise<boolean> {
    return (await this.limits.hold(this.lost)) || this.release(handedBack(this.claimed));
  }

  /** A task that has come to its end ends, whatever its workflow has come to. */
  private get isAtItsEnd(): boolean {
    return this.outcome !== undefined && this.outcome.as !== 'handed-off';
  }

  private mayStart(): boolean {
    const isStopping = this.parking !== undefined || this.limits.arePassed;
    return this.isLive && !isStopping && !this.claimed.lost.aborted; // X2
  }

  private async readOn(): Promise<false> {
    await this.chronicle.readOn();
    return false;
  }

  private async pause(): Promise<false> {
    await this.notifier.wait();
    return this.drain();
  }

  private drain(): Promise<false> {
    this.drains += 1;
    return drained(this.drains);
  }

  private deliverNext(): boolean {
    const next = this.journal.next();
    if (!next) return false;
    const operation = this.operations.take(next.op);
    if (operation) {
      this.journal.advance();
      this.deliveredUpTo = next.event.version;
      operation.deliver(next.event);
      return true;
    }
    if (!this.handlerIsQuiet()) return false;
    this.park({ reason: 'NonDeterminism', error: this.notIssued(next.op), op: next.op });
    return false;
  }

  /** Guards and interceptors before the handler may still be at work; then nothing was issued yet. */
  private handlerIsQuiet(): boolean {
    return this.operations.count > 0 || this.outcome !== undefined;
  }

  private notIssued(op: OperationNumber): NonDeterminism {
    const history = this.journal.names();
    return new NonDeterminism(
      `the history of task ${this.claimed.task} has an operation ${op}, and the handler asks for none: ` +
        'it was changed under running work. Guard the change with task.patched(), or bring the old code back',
      { op, history, now: this.operations.names() },
    );
  }

  private startReady(): boolean {
    const ready = this.operations.ready(this.isSettling);
    for (const operation of ready) void this.work(operation);
    return ready.length > 0;
  }

  private async work(operation: ReadyOperation): Promise<void> {
    this.live += 1;
    const heard = this.operations.begin(operation);
    try {
      await operation.start();
    } catch (error) {
      this.brokeDown(operation, error);
    } finally {
      this.operations.end(operation, heard);
      this.live -= 1;
      this.notifier.notify();
    }
  }

  private brokeDown({ by, op }: ReadyOperation, error: unknown): void {
    if (this.lost.aborted) return;
    if (by === 'effect') this.park({ reason: 'EffectInDoubt', error, op });
    else if (!this.stop.aborted) this.ended({ as: 'failed', error });
  }

  private canSuspend(): boolean {
    return (
      this.mayStart() &&
      this.live === 0 &&
      this.outcome === undefined &&
      this.claimed.mode === 'run' &&
      this.outbox.bringsNothing &&
      this.operations.ready(this.isSettling).length === 0 &&
      this.operations.waiting().length > 0
    );
  }

  /** Suspends in the append that records the last operations, as far as one append carries them. */
  private suspend(): Promise<boolean> {
    const entries = this.outbox.take();
    const ending = suspendedOn(this.claimed, this.operations.waitSpec());
    return this.send(entries, this.outbox.isEmpty ? ending : undefined);
  }

  /** Until the next attempt is due; it may have become so while this one was being put off. */
  private wait(): Promise<boolean> {
    const { claimed, journal } = this;
    return this.release(journal.awaitsAttempt ? waitingToRunAgain(claimed) : handedBack(claimed));
  }

  private finish(outcome: Outcome): boolean | Promise<boolean> {
    if (outcome.as === 'failed') return this.fail(outcome);
    const open = this.operations.openCalls();
    if (open.length > 0) {
      return this.release(suspendedOn(this.claimed, { any: [], all: [open], signals: [] })); // X4
    }
    if (this.journal.lastOperation() > this.operations.count) {
      this.park({ reason: 'NonDeterminism', error: this.notIssued(this.journal.lastOperation()) });
      return false;
    }
    return this.end(outcome);
  }

  private async fail(outcome: Extract<Outcome, { as: 'failed' }>): Promise<boolean> {
    const failed = await failedAttempt(this, this.retry, outcome.error);
    if (!failed) return this.end(outcome);
    this.isPutOff = true;
    return this.release(runsAgain(this.claimed, failed));
  }

  private end(outcome: Outcome): Promise<boolean> {
    const untimers = this.operations.openTimers();
    return this.release(endingOf(this.claimed, outcome, untimers, this.deliveredUpTo));
  }

  /** A cancelled task has no open effect any more, if its handler asked for each of its history. */
  private settled(): boolean | Promise<boolean> {
    if (this.operations.count >= this.journal.lastOperation())
      return this.release(cancelledAs(this.claimed));
    if (!this.handlerIsQuiet()) return this.pause();
    this.park({ reason: 'NonDeterminism', error: this.notIssued(this.journal.lastOperation()) });
    return false;
  }

  private parkedFor(request: ParkRequest): Ending {
    const operation = request.op === undefined ? null : this.journal.siteOf(request.op);
    return parkedAs(this.claimed, request, { operation, seenUpTo: this.deliveredUpTo });
  }

  private release(ending: Ending): Promise<boolean> {
    return this.send([], ending);
  }

  /** What cannot be recorded fails the task, unless that is what was to be recorded. */
  private send(entries: readonly OutboxEntry[], ending: Ending | undefined): Promise<boolean> {
    return this.chronicle.append(entries, ending).catch((error: unknown) => {
      for (const entry of entries) entry.failed(error);
      if (error instanceof LimitExceeded) {
        this.limits.pass(error);
        return false;
      }
      if (error instanceof ClaimLost || this.outcome?.as === 'failed') throw error;
      this.outcome = undefined;
      this.ended({ as: 'failed', error });
      return false;
    });
  }

  /** A defect of ours, or of the log: a person sees it, and the task stays as it is. */
  private async giveUp(error: unknown): Promise<void> {
    this.ports.logger.error({ err: error, ...this.name() }, 'a task could not be executed');
    await this.release(this.parkedFor({ reason: 'Defect', error })).catch((failure: unknown) => {
      this.ports.logger.error({ err: failure, ...this.name() }, 'a task could not even be parked');
    });
  }

  private name(): { readonly workflow: string; readonly task: string } {
    return { workflow: this.claimed.wf, task: this.claimed.task };
  }

  /** A lost claim ends everything at once; a shutdown lets what is in flight come to its end, for a while. */
  private readonly onLost = (): void => {
    const reason: unknown = this.claimed.lost.reason;
    if (reason instanceof ShuttingDown) void this.waitForFlight(reason);
    else this.letGo(reason);
    this.notifier.notify();
  };

  private async waitForFlight(reason: ShuttingDown): Promise<void> {
    const { clock, graceMs } = this.ports;
    await clock.delay(graceMs, this.lost).catch(() => undefined);
    this.isOverdue = true;
    this.over.abort(reason);
    this.notifier.notify();
  }

  private letGo(reason: unknown): void {
    this.gone.abort(reason);
    this.over.abort(reason);
    this.notifier.notify();
  }
}

const ONE_ATTEMPT: RetryPolicy = { ...DEFAULT_RETRY, attempts: 1 };

const LET_GO = new ClaimLost('the task was let go');
