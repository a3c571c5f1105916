// One effect of a task, from its intent to its receipt (E1 to E5 of the design).
//
//   The order is: intent into the log, reservation in the ledger, perform, receipt into the ledger, receipt
//   into the log. A crash between any two of them leaves an intent without an outcome: in doubt.

import {
  BLAMELESS,
  chainOf,
  EffectExhausted,
  effectProgress,
  KeyConflict,
  NotPerformed,
  Rejected,
  retryInMs,
  type EffectIntent,
  type EffectProgress,
  type EventMeta,
  type EventType,
  type OperationNumber,
} from '@lockstep/kernel';
import type { Reservation, ReserveReply } from '@lockstep/store';
import { ClaimLost } from '../worker/claimed-task.js';
import { taskEvent } from '../execution/ending.js';
import { LONGEST_HELD_WAIT_MS, rejectedBy } from '../execution/step.js';
import { repeatUntilAnswered } from '../execution/repeat.js';
import type { ExecutionPorts, TaskExecution } from '../execution/task-execution.js';
import { Blameless, EffectInDoubt } from './in-doubt.js';
import type { EffectDefinition, ProbeAnswer } from './definition.js';

export interface EffectUse {
  readonly op: OperationNumber;
  readonly key: string;
  readonly input: unknown;
  /** JSON text of the input, and its digest. */
  readonly body: string;
  readonly inputDigest: string;
}

/** What a new owner waits longer than the times that bound an attempt, unit ms. */
const MARGIN_MS = 250;
/** How long after its intent an attempt may still act, for whoever cannot ask it (E5). */
const boundOf = ({ windowMs, timeoutMs }: EffectIntent): number => windowMs + timeoutMs + MARGIN_MS;
/** Waits between probes double from here to the cap, unit ms. */
const PROBE_BASE_MS = 100;
const PROBE_CAP_MS = 5000;
const PROBES = 12;
/** Waits for another task's reservation double from here to the cap, with jitter, unit ms. */
const HELD_BASE_MS = 500;
const HELD_CAP_MS = 30_000;
/** Looks at another task's reservation, some ten minutes, before a person is asked. */
const HELD_LOOKS = 30;

/** When an attempt began to record its intent, on both clocks (E5). */
interface Window {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export class EffectRun<Input, Receipt> {
  private readonly reservation: Reservation;

  constructor(
    private readonly execution: TaskExecution,
    private readonly definition: EffectDefinition<Input, Receipt>,
    private readonly use: EffectUse,
  ) {
    const { wf, task, claim, epoch, tenant } = execution.claimed;
    const { action } = definition;
    const { key, inputDigest } = use;
    this.reservation = { tenant, action, key, wf, task, claim, epoch, inputDigest };
  }

  /** An effect goes on when its task has failed: only a lost claim stops it. */
  private get lost(): AbortSignal {
    return this.execution.lost;
  }

  /** Goes on until the effect has an outcome, waits for a durable timer, or is parked. */
  run(): Promise<void> {
    const { action, key } = this.reservation;
    return this.execution.keys.runExclusive(`${action} ${key}`, () => this.runAlone());
  }

  private async runAlone(): Promise<void> {
    for (;;) {
      const progress = this.progress();
      const goesOn = await this.proceed(progress);
      if (!goesOn || this.lost.aborted) return;
    }
  }

  private progress(): EffectProgress {
    return effectProgress(this.execution.journal.recorded(this.use.op));
  }

  /** True when there is more to do at once. */
  private proceed(progress: EffectProgress): Promise<boolean> {
    switch (progress.now) {
      case 'attempt':
        return this.attempt(progress.attempt, progress.failures);
      case 'in-doubt':
        return this.takeOver(progress.intent);
      case 'settled':
        return progress.verdict === 'happened'
          ? this.committed(progress.receipt, 'person')
          : this.didNotHappen(progress.intent, 'a person said that it did not happen');
    }
  }

  private async attempt(attempt: number, failures: number): Promise<boolean> {
    const intent = await this.intend(attempt);
    if (!intent) return false;
    const reply = await this.reserve();
    if (reply.reply !== 'reserved') return this.notReserved(reply, intent);
    if (this.isPast(intent)) return this.free(intent, BLAMELESS.late, 'its window had closed');
    return this.perform(intent, this.providerKey(reply.occurrence), failures);
  }

  /** Records what is about to be done. The window opens before it is sent. */
  private async intend(attempt: number): Promise<(EffectIntent & Window) | undefined> {
    const { spec, action, windowMs, timeoutMs } = this.definition;
    const input = this.use.input as Input;
    const { key, inputDigest } = this.use;
    const risk = typeof spec.risk === 'function' ? spec.risk(input) : (spec.risk ?? 'medium');
    const preview = await this.preview(input);
    const { clock } = this.execution.ports;
    const window = { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
    const intent = { action, key, attempt, inputDigest, windowMs, timeoutMs, risk };
    const data = `{"input":${this.use.body},"preview":${JSON.stringify(preview ?? null)}}`;
    await this.record('EffectIntended', intent, data);
    return { ...intent, ...window };
  }

  /** What a person would be shown; one that fails is shown as such, and stops nothing. */
  private async preview(input: Input): Promise<unknown> {
    try {
      return await this.definition.spec.preview?.(input, { signal: this.lost });
    } catch (error) {
      return { unavailable: chainOf(error)[0]?.message };
    }
  }

  private isPast(intent: EffectIntent & Window): boolean {
    const { clock } = this.execution.ports;
    const onMonotonic = clock.monotonicMs() - intent.monotonicMs;
    const onWall = clock.wallMs() - intent.wallMs;
    return onMonotonic >= intent.windowMs || onWall >= intent.windowMs || onWall < 0;
  }

  private async perform(
    intent: EffectIntent & Window,
    key: string,
    failures: number,
  ): Promise<boolean> {
    try {
      return await this.committed(encode(await this.performOnce(key)), 'attempt');
    } catch (error) {
      if (error instanceof ClaimLost || this.lost.aborted) return false;
      return this.failed(intent, error, failures);
    }
  }

  private async performOnce(key: string): Promise<Receipt> {
    const { action, spec, timeoutMs } = this.definition;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([this.lost, timeout]);
    const over = rejectedBy(timeout, `${action} ${this.use.key}`, timeoutMs);
    return Promise.race([spec.perform(this.use.input as Input, { key, signal }), over]);
  }

  private async failed(
    intent: EffectIntent & Window,
    error: unknown,
    failures: number,
  ): Promise<boolean> {
    if (error instanceof Rejected) return this.rejected(error);
    if (error instanceof NotPerformed) return this.notPerformed(intent, error, failures);
    await this.record('EffectInDoubt', { attempt: intent.attempt, error: chainOf(error) });
    const spentMs = this.execution.ports.clock.monotonicMs() - intent.monotonicMs;
    await this.wait(Math.max(0, boundOf(intent) - spentMs));
    return this.settle(intent);
  }

  private async rejected(error: unknown): Promise<boolean> {
    await this.repeated((store) => store.release(this.reservation));
    await this.record('EffectRejected', { error: chainOf(error) });
    return false;
  }

  private async notPerformed(
    { attempt }: EffectIntent,
    error: NotPerformed,
    failures: number,
  ): Promise<boolean> {
    const { clock } = this.execution.ports;
    await this.repeated((store) => store.release(this.reservation));
    const waitMs = retryInMs(this.definition.retry, failures + 1, error, clock.random());
    const { action, key } = this.reservation;
    const told =
      waitMs === null ? new EffectExhausted(action, key, attempt, chainOf(error)) : error;
    return this.recordNotPerformed(attempt, told, waitMs);
  }

  /** Nothing happened, and that was nobody's failure: another attempt follows soon. */
  private async free(
    { attempt }: EffectIntent,
    code: (typeof BLAMELESS)[keyof typeof BLAMELESS],
    reason: string,
    waitMs = this.execution.ports.clock.random() * 100,
  ): Promise<boolean> {
    await this.repeated((store) => store.release(this.reservation));
    return this.recordNotPerformed(attempt, new Blameless(code, reason), waitMs);
  }

  private async recordNotPerformed(
    attempt: number,
    error: unknown,
    waitMs: number | null,
  ): Promise<boolean> {
    const timer = waitMs !== null && waitMs > LONGEST_HELD_WAIT_MS;
    const meta = { attempt, error: chainOf(error), retryInMs: waitMs, timer };
    const event = taskEvent(this.execution.claimed, 'EffectNotPerformed', meta, this.use.op);
    await this.execution.record([timer ? { event, timerMs: waitMs } : { event }]);
    if (waitMs === null || timer || this.execution.isSettling) return false;
    await this.wait(waitMs);
    return true;
  }

  /** A new owner waits out the old one, reads the ledger, and asks the outside world (E4). */
  private async takeOver(intent: EffectIntent): Promise<boolean> {
    const first = await this.reserve();
    if (first.reply !== 'reserved' && first.reply !== 'taken-over') {
      return this.notReserved(first, intent);
    }
    await this.wait(boundOf(intent)); // E5: on our own clock, from our own takeover
    return this.settle(intent);
  }

  /** Nobody else can be acting any more: the ledger says what is known, else the outside world does. */
  private async settle(intent: EffectIntent): Promise<boolean> {
    const reply = await this.reserve();
    if (reply.reply !== 'reserved' && reply.reply !== 'taken-over') {
      return this.notReserved(reply, intent);
    }
    const key = this.providerKey(reply.occurrence);
    if (this.definition.spec.deduplicates === true) return this.repeat(key);
    const answer = await this.ask(key);
    if (this.lost.aborted) return false;
    if (answer === 'unknown') return this.park('its probe cannot say whether it happened');
    if (answer.happened) return this.committed(encode(answer.receipt), 'probe');
    return this.free(intent, BLAMELESS.lost, 'the outside world says that it did not happen');
  }

  /**
   * The provider does a thing once per key, so asking again is the same attempt (E3). Only its answer ends
   * the doubt: that this request was not performed says nothing of the first.
   */
  private async repeat(key: string): Promise<boolean> {
    for (let tries = 1; tries <= PROBES; tries += 1) {
      try {
        return await this.committed(encode(await this.performOnce(key)), 'attempt');
      } catch (error) {
        if (this.lost.aborted) return false;
        if (error instanceof Rejected) return this.rejected(error);
        await this.waitBeforeProbe(tries);
      }
    }
    return this.park('it was repeated under its key, and the outside world gave no answer');
  }

  private async ask(key: string): Promise<ProbeAnswer<Receipt>> {
    const { probe } = this.definition.spec;
    if (!probe) return 'unknown';
    for (let tries = 1; tries <= PROBES; tries += 1) {
      try {
        const signal = AbortSignal.any([this.lost, AbortSignal.timeout(this.definition.timeoutMs)]);
        const answer = await probe(this.use.input as Input, { key, signal });
        if (answer !== 'unknown') return answer;
      } catch (error) {
        this.execution.log.warn({ err: error, key }, 'an effect could not be probed');
      }
      if (this.lost.aborted) return 'unknown';
      await this.waitBeforeProbe(tries);
    }
    return 'unknown';
  }

  private waitBeforeProbe(tries: number): Promise<void> {
    const ceilingMs = Math.min(PROBE_CAP_MS, PROBE_BASE_MS * 2 ** tries);
    return this.wait(this.execution.ports.clock.random() * ceilingMs);
  }

  private async notReserved(reply: ReserveReply, intent: EffectIntent): Promise<boolean> {
    switch (reply.reply) {
      case 'committed':
        return this.adopted(reply);
      case 'conflict':
        return this.conflict(reply);
      case 'held':
        return this.held(intent, reply);
      case 'fenced':
        throw new ClaimLost('a newer claim has the reservation', { key: this.use.key });
      case 'taken-over':
      case 'reserved':
        return this.takeOver(intent);
    }
  }

  private async conflict(owner: { readonly wf: string; readonly task: string }): Promise<boolean> {
    const error = new KeyConflict(this.definition.action, this.use.key, owner);
    await this.record('EffectRejected', { error: chainOf(error) });
    return false;
  }

  private held(
    intent: EffectIntent,
    owner: { readonly wf: string; readonly task: string },
  ): Promise<boolean> {
    if (intent.attempt >= HELD_LOOKS) {
      return this.park(`task ${owner.task} of ${owner.wf} keeps its key reserved`);
    }
    const ceilingMs = Math.min(HELD_CAP_MS, HELD_BASE_MS * 2 ** intent.attempt);
    const waitMs = Math.ceil(ceilingMs * (0.5 + this.execution.ports.clock.random() / 2));
    const reason = `task ${owner.task} of ${owner.wf} has the key`;
    return this.recordNotPerformed(intent.attempt, new Blameless(BLAMELESS.held, reason), waitMs);
  }

  private async adopted(
    found: Extract<ReserveReply, { readonly reply: 'committed' }>,
  ): Promise<boolean> {
    const { action, key, wf, task } = this.reservation;
    const { occurrence, receipt } = found;
    const joins = this.execution.journal.hasCommitted(action, key, this.use.op);
    if (found.wf === wf && found.task === task && !joins) {
      await this.record('EffectCommitted', { action, key, occurrence, by: 'attempt' }, receipt);
    } else {
      const from = { workflow: found.wf, task: found.task };
      await this.record('EffectAdopted', { action, key, occurrence, from }, receipt);
    }
    return false;
  }

  /** The receipt goes into the ledger, then into the log. The first receipt counts. */
  private async committed(receipt: string, by: 'attempt' | 'probe' | 'person'): Promise<boolean> {
    const { action, key } = this.reservation;
    const reply = await this.repeated((store) => store.commit(this.reservation, receipt));
    if (reply.reply === 'conflict') {
      return this.park(`it was done, and task ${reply.task} of ${reply.wf} has its key`);
    }
    const { occurrence } = reply;
    const kept = reply.reply === 'different' ? reply.receipt : receipt;
    if (reply.reply === 'different') {
      this.execution.log.error(
        { action, key, first: kept, second: receipt },
        'an effect has two receipts: it was done twice, and the first one counts',
      );
    }
    await this.record('EffectCommitted', { action, key, occurrence, by }, kept);
    return false;
  }

  private async didNotHappen(intent: EffectIntent, reason: string): Promise<boolean> {
    const reply = await this.reserve();
    if (reply.reply !== 'reserved' && reply.reply !== 'taken-over') {
      return this.notReserved(reply, intent);
    }
    return this.free(intent, BLAMELESS.lost, reason);
  }

  private park(reason: string): Promise<boolean> {
    const { action, key } = this.reservation;
    const error = new EffectInDoubt(action, key, reason);
    this.execution.park({ reason: error.code, error, op: this.use.op });
    return Promise.resolve(false);
  }

  private reserve(): Promise<ReserveReply> {
    return this.repeated((store) => store.reserve(this.reservation));
  }

  /** The ledger's functions are safe to repeat; the store may be restarting. */
  private repeated<T>(call: (store: ExecutionPorts['store']) => Promise<T>): Promise<T> {
    const { store, clock } = this.execution.ports;
    return repeatUntilAnswered(() => call(store), clock, this.lost);
  }

  /** What the provider should know the action by; a further occurrence is another action to it. */
  private providerKey(occurrence: number): string {
    return occurrence === 1 ? this.use.key : `${this.use.key}#${occurrence}`;
  }

  private async wait(ms: number): Promise<void> {
    await this.execution.ports.clock.delay(ms, this.lost);
  }

  private record<T extends EventType>(type: T, meta: EventMeta[T], data = ''): Promise<boolean> {
    return this.execution.record([
      { event: taskEvent(this.execution.claimed, type, meta, this.use.op, data) },
    ]);
  }
}

const encode = (receipt: unknown): string => JSON.stringify(receipt ?? null);
