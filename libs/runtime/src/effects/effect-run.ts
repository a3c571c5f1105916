// One effect of a task, from its intent to its receipt (E1 to E5 of the design).
//
//   The order is: admission at its target, if it has one; intent into the log, reservation in the ledger, perform, receipt into the ledger, receipt
//   into the log. A crash between any two of them leaves an intent without an outcome: in doubt.

import {
  BLAMELESS,
  chainOf,
  EffectExhausted,
  effectProgress,
  failedAttempts,
  NotPerformed,
  Rejected,
  type EffectIntent,
  type EffectProgress,
} from '@lockstep/kernel';
import { nextAttemptInMs } from '../execution/next-attempt.js';
import { Access } from '../targets/access.js';
import { outcomeOf, type Permit } from '../targets/permit.js';
import { ClaimLost } from '../worker/claimed-task.js';
import { Doubt } from './doubt.js';
import { boundOf, type EffectUse } from './effect-use.js';
import { isReserved, LedgerEntry } from './ledger-entry.js';
import { type GoesOn, Outcomes } from './outcomes.js';
import { performOnce } from './perform-once.js';

/** When an attempt began to record its intent, on both clocks (E5). */
interface Window {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/** An effect goes on when its task has failed: only a lost claim stops it. */
export class EffectRun<Input, Receipt> {
  private readonly entry: LedgerEntry;
  private readonly outcomes: Outcomes;
  private readonly access: Access;
  private readonly doubt: Doubt<Input, Receipt>;

  constructor(private readonly use: EffectUse<Input, Receipt>) {
    this.entry = new LedgerEntry(use);
    this.outcomes = new Outcomes(use, this.entry);
    this.access = accessOf(use);
    this.doubt = new Doubt(use, this.entry, this.outcomes, this.access);
  }

  /** Goes on until the effect has an outcome, waits for a durable timer, or is parked. */
  run(): Promise<void> {
    const { execution, definition, key } = this.use;
    const alone = (): Promise<void> => this.access.inside(() => this.runAlone());
    return execution.keys.runExclusive(`${definition.action} ${key}`, alone);
  }

  private async runAlone(): Promise<void> {
    const { execution, op } = this.use;
    let goesOn = true;
    while (goesOn && !execution.lost.aborted) {
      goesOn = await this.proceed(effectProgress(execution.journal.recorded(op)));
    }
  }

  private proceed(progress: EffectProgress): Promise<GoesOn> {
    switch (progress.now) {
      case 'attempt':
        return this.attempt(progress.attempt);
      case 'in-doubt':
        return this.doubt.takeOver(progress.intent, progress.isSatOut);
      case 'settled':
        return progress.verdict === 'happened'
          ? this.outcomes.committed(JSON.parse(progress.receipt), 'person')
          : this.doubt.deny(progress.intent);
    }
  }

  private async attempt(attempt: number): Promise<GoesOn> {
    const { windowMs, timeoutMs } = this.use.definition;
    const permit = await this.access.admit(windowMs + timeoutMs);
    if (!permit) return false;
    try {
      return await this.attemptWith(permit, attempt);
    } finally {
      permit.report('unused');
    }
  }

  private async attemptWith(permit: Permit, attempt: number): Promise<GoesOn> {
    const intent = await this.intend(attempt);
    const reply = await this.entry.reserve();
    if (reply.reply !== 'reserved') permit.report('unused');
    if (!isReserved(reply)) return this.outcomes.notMine(reply, intent);
    if (reply.reply === 'taken-over') return this.doubt.settle(intent, boundOf(intent));
    if (this.isPast(intent) || !permit.covers(intent.timeoutMs)) {
      return this.outcomes.freed(intent, BLAMELESS.late, 'its window had closed');
    }
    return this.perform(intent, this.entry.providerKey(reply.occurrence), permit);
  }

  /** Records what is about to be done. The window opens before it is sent. */
  private async intend(attempt: number): Promise<EffectIntent & Window> {
    const { definition, execution, input, body, key, inputDigest } = this.use;
    const { spec, action, windowMs, timeoutMs } = definition;
    const risk = typeof spec.risk === 'function' ? spec.risk(input) : (spec.risk ?? 'medium');
    const preview = await this.preview();
    const { clock } = execution.ports;
    const window = { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
    const intent = { action, key, attempt, inputDigest, windowMs, timeoutMs, risk };
    const data = `{"input":${body},"preview":${JSON.stringify(preview ?? null)}}`;
    await this.outcomes.record('EffectIntended', intent, data);
    return { ...intent, ...window };
  }

  /** What a person would be shown; one that fails is shown as such, and stops nothing. */
  private async preview(): Promise<unknown> {
    const { definition, execution, input } = this.use;
    try {
      return await definition.spec.preview?.(input, { signal: execution.lost });
    } catch (error) {
      return { unavailable: chainOf(error)[0]?.message };
    }
  }

  /** A worker that was frozen since its intent must not act any more (E5). */
  private isPast(intent: EffectIntent & Window): boolean {
    const { clock } = this.use.execution.ports;
    const onMonotonic = clock.monotonicMs() - intent.monotonicMs;
    const onWall = clock.wallMs() - intent.wallMs;
    return onMonotonic >= intent.windowMs || onWall >= intent.windowMs || onWall < 0;
  }

  private async perform(
    intent: EffectIntent & Window,
    key: string,
    permit: Permit,
  ): Promise<GoesOn> {
    const acted = await performOnce(this.use, key).then(
      (receipt) => ({ receipt }),
      (error: unknown) => ({ error }),
    );
    if (!this.use.execution.lost.aborted)
      permit.report('receipt' in acted ? 'ok' : outcomeOf(acted.error));
    if ('receipt' in acted) return this.outcomes.committed(acted.receipt, 'attempt');
    if (acted.error instanceof ClaimLost || this.use.execution.lost.aborted) return false;
    return this.failed(intent, acted.error);
  }

  /** Only an error that says so means that nothing happened (E2). */
  private async failed(intent: EffectIntent & Window, error: unknown): Promise<GoesOn> {
    const { clock } = this.use.execution.ports;
    if (error instanceof Rejected) return this.outcomes.rejected(error);
    if (error instanceof NotPerformed) return this.notPerformed(intent, error);
    await this.outcomes.inDoubt(intent, error);
    const spentMs = clock.monotonicMs() - intent.monotonicMs;
    return this.doubt.settle(intent, Math.max(0, boundOf(intent) - spentMs));
  }

  private async notPerformed(
    { action, key, attempt }: EffectIntent,
    error: NotPerformed,
  ): Promise<GoesOn> {
    const { definition, execution, op } = this.use;
    const earlier = failedAttempts(execution.journal.recorded(op));
    const waitMs = await nextAttemptInMs(execution, definition.retry, earlier, error);
    const told =
      waitMs === null ? new EffectExhausted(action, key, attempt, chainOf(error)) : error;
    return this.outcomes.notPerformed(attempt, told, waitMs);
  }
}

const accessOf = <Input, Receipt>({
  execution,
  definition: { action, spec },
  op,
  key,
}: EffectUse<Input, Receipt>): Access =>
  new Access({
    ...{ execution, op, name: `effect ${action} ${key}` },
    ...{ target: spec.target, stop: execution.lost },
  });
