import {
  BLAMELESS,
  chainOf,
  KeyConflict,
  type EffectIntent,
  type EventMeta,
  type EventType,
} from '@lockstep/kernel';
import { taskEvent } from '../execution/ending.js';
import { LONGEST_HELD_WAIT_MS } from '../execution/waits.js';
import { ClaimLost } from '../worker/claimed-task.js';
import type { EffectSlot } from './effect-use.js';
import { Blameless, EffectInDoubt } from './in-doubt.js';
import type { LedgerEntry, NotReserved } from './ledger-entry.js';

/** Whether the effect may go on at once. */
export type GoesOn = boolean;

/** Waits for another task's reservation double from here to the cap, with jitter, unit ms. */
const HELD_BASE_MS = 500;
const HELD_CAP_MS = 30_000;
/** Looks at another task's reservation, some ten minutes, before a person is asked. */
const HELD_LOOKS = 30;

/** Every way in which an attempt of an effect can end, into the ledger and then into the log. */
export class Outcomes {
  constructor(
    private readonly slot: EffectSlot,
    private readonly entry: LedgerEntry,
  ) {}

  /** The receipt goes into the ledger, then into the log. The first receipt counts. */
  async committed(receipt: unknown, by: EventMeta['EffectCommitted']['by']): Promise<GoesOn> {
    const text = JSON.stringify(receipt ?? null);
    const reply = await this.entry.commit(text);
    if (reply.reply === 'conflict') {
      return this.parked(`it was done, and task ${reply.task} of ${reply.wf} has its key`);
    }
    const kept = reply.reply === 'different' ? reply.receipt : text;
    if (reply.reply === 'different') this.alarm(kept, text);
    const { action, key } = this.entry.reservation;
    await this.record('EffectCommitted', { action, key, occurrence: reply.occurrence, by }, kept);
    return false;
  }

  /** The outside world said a definite no: the key is free again, for another input too (E2). */
  async rejected(error: unknown): Promise<GoesOn> {
    await this.entry.release();
    await this.record('EffectRejected', { error: chainOf(error) });
    return false;
  }

  /** Nothing happened; another attempt follows after the wait, or none when it is null. */
  async notPerformed(attempt: number, error: unknown, waitMs: number | null): Promise<GoesOn> {
    await this.entry.release();
    return this.notReserved(attempt, error, waitMs);
  }

  /** Nothing happened, and that was nobody's failure: another attempt follows soon. */
  freed(
    { attempt }: EffectIntent,
    code: (typeof BLAMELESS)[keyof typeof BLAMELESS],
    reason: string,
  ): Promise<GoesOn> {
    const waitMs = this.slot.execution.ports.clock.random() * 100;
    return this.notPerformed(attempt, new Blameless(code, reason), waitMs);
  }

  /** Somebody else's reservation or receipt stands in the ledger. */
  async notMine(reply: NotReserved, intent: EffectIntent): Promise<GoesOn> {
    switch (reply.reply) {
      case 'committed':
        return this.adopted(reply);
      case 'conflict':
        return this.conflict(reply);
      case 'held':
        return this.held(intent, reply);
      case 'fenced':
        throw new ClaimLost('a newer claim has the reservation', { key: this.slot.key });
    }
  }

  inDoubt({ attempt }: EffectIntent, error: unknown): Promise<boolean> {
    return this.record('EffectInDoubt', { attempt, error: chainOf(error) });
  }

  parked(reason: string): Promise<GoesOn> {
    const { action, key } = this.entry.reservation;
    const error = new EffectInDoubt(action, key, reason);
    this.slot.execution.park({ reason: error.code, error, op: this.slot.op });
    return Promise.resolve(false);
  }

  record<T extends EventType>(type: T, meta: EventMeta[T], data = ''): Promise<boolean> {
    const { execution, op } = this.slot;
    return execution.record([{ event: taskEvent(execution.claimed, type, meta, op, data) }]);
  }

  /** A second use of the task's own receipt joins the first; only one of them is the commit. */
  private async adopted(
    found: Extract<NotReserved, { readonly reply: 'committed' }>,
  ): Promise<GoesOn> {
    const { action, key, wf, task } = this.entry.reservation;
    const { occurrence, receipt } = found;
    const joins = this.slot.execution.journal.hasCommitted(action, key, this.slot.op);
    if (found.wf === wf && found.task === task && !joins) {
      await this.record('EffectCommitted', { action, key, occurrence, by: 'attempt' }, receipt);
    } else {
      const from = { workflow: found.wf, task: found.task };
      await this.record('EffectAdopted', { action, key, occurrence, from }, receipt);
    }
    return false;
  }

  private async conflict(owner: { readonly wf: string; readonly task: string }): Promise<GoesOn> {
    const { action, key } = this.entry.reservation;
    await this.record('EffectRejected', { error: chainOf(new KeyConflict(action, key, owner)) });
    return false;
  }

  private held(
    { attempt }: EffectIntent,
    owner: { readonly wf: string; readonly task: string },
  ): Promise<GoesOn> {
    if (attempt >= HELD_LOOKS) {
      return this.parked(`task ${owner.task} of ${owner.wf} keeps its key reserved`);
    }
    const ceilingMs = Math.min(HELD_CAP_MS, HELD_BASE_MS * 2 ** attempt);
    const waitMs = Math.ceil(ceilingMs * (0.5 + this.slot.execution.ports.clock.random() / 2));
    const reason = `task ${owner.task} of ${owner.wf} has the key`;
    return this.notReserved(attempt, new Blameless(BLAMELESS.held, reason), waitMs);
  }

  private async notReserved(
    attempt: number,
    error: unknown,
    waitMs: number | null,
  ): Promise<GoesOn> {
    const { execution, op } = this.slot;
    const timer = waitMs !== null && waitMs > LONGEST_HELD_WAIT_MS;
    const meta = { attempt, error: chainOf(error), retryInMs: waitMs, timer };
    const event = taskEvent(execution.claimed, 'EffectNotPerformed', meta, op);
    await execution.record([timer ? { event, timerMs: waitMs } : { event }]);
    if (waitMs === null || timer || execution.isSettling) return false;
    await execution.ports.clock.delay(waitMs, execution.lost);
    return true;
  }

  private alarm(first: string, second: string): void {
    const { action, key } = this.entry.reservation;
    this.slot.execution.log.error(
      { action, key, first, second },
      'an effect has two receipts: it was done twice, and the first one counts',
    );
  }
}
