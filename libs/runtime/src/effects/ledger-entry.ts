import type { CommitReply, ReleaseReply, Reservation, ReserveReply } from '@lockstep/store';
import { repeatUntilAnswered } from '../execution/repeat.js';
import type { ExecutionPorts } from '../execution/task-execution.js';
import { providerKey } from './effect-key.js';
import type { EffectSlot } from './effect-use.js';

export type Reserved = Extract<ReserveReply, { readonly reply: 'reserved' | 'taken-over' }>;
/** A reply to somebody who does not get the reservation. */
export type NotReserved = Exclude<ReserveReply, Reserved>;

export const isReserved = (reply: ReserveReply): reply is Reserved =>
  reply.reply === 'reserved' || reply.reply === 'taken-over';

/** The ledger's entry of one use of an effect. Its functions are safe to repeat; the store may be restarting. */
export class LedgerEntry {
  readonly reservation: Reservation;

  constructor(private readonly slot: EffectSlot) {
    const { execution, definition, key, inputDigest } = slot;
    const { wf, task, claim, epoch, tenant, history } = execution.claimed;
    const { action } = definition;
    const scheduledAtMs = history[0]?.atMs ?? 0;
    this.reservation = {
      ...{ tenant, action, key, inputDigest },
      ...{ wf, task, claim, epoch, scheduledAtMs },
    };
  }

  reserve(): Promise<ReserveReply> {
    return this.answered((store) => store.ledger.reserve(this.reservation));
  }

  commit(receipt: string): Promise<CommitReply> {
    return this.answered((store) => store.ledger.commit(this.reservation, receipt));
  }

  release(): Promise<ReleaseReply> {
    return this.answered((store) => store.ledger.release(this.reservation));
  }

  /** What the provider should know this occurrence by. */
  providerKey(occurrence: number): string {
    return providerKey(this.slot.key, occurrence);
  }

  private answered<T>(call: (store: ExecutionPorts['store']) => Promise<T>): Promise<T> {
    const { ports, lost } = this.slot.execution;
    return repeatUntilAnswered(() => call(ports.store), ports.clock, lost);
  }
}
