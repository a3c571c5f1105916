// The specification of reserve, commit and release: one effect's entry, and who may do what with it.

import type { CommitReply, ReleaseReply, Reservation, ReserveReply } from '../../src/index.js';

export interface Entry {
  state: 'reserved' | 'committed' | 'released';
  wf: string;
  task: string;
  claim: string;
  epoch: number;
  input: string;
  /** The last call of its claim that counted. */
  order: number;
  doubt: boolean;
  receipt?: string;
}

/** A reservation with its place among the calls of its process. */
export type Ordered = Reservation & { readonly order: number };

export class LedgerModel {
  readonly entries = new Map<string, Entry>();

  reserve(r: Ordered): ReserveReply {
    const entry = this.entries.get(r.key);
    if (!entry) return this.take(r, false);
    const { wf, task } = entry;
    if (entry.state !== 'released' && entry.input !== r.inputDigest)
      return { reply: 'conflict', wf, task };
    if (entry.state === 'committed')
      return { reply: 'committed', occurrence: 1, receipt: entry.receipt ?? '', wf, task };
    if (!isOwner(entry, r))
      return entry.state === 'reserved' ? { reply: 'held', wf, task } : this.take(r, false);
    if (isLate(entry, r)) return { reply: 'fenced' };
    const isAnothers = entry.claim !== r.claim;
    return this.take(r, entry.state === 'reserved' && (isAnothers || entry.doubt));
  }

  commit(r: Ordered, receipt: string): CommitReply {
    const entry = this.entries.get(r.key);
    const { wf, task } = entry ?? r;
    if (entry && entry.state !== 'released' && !isOwner(entry, r))
      return { reply: 'conflict', wf, task };
    if (entry?.state === 'committed') {
      const kept = entry.receipt ?? '';
      return kept === receipt
        ? { reply: 'duplicate', occurrence: 1 }
        : { reply: 'different', occurrence: 1, receipt: kept };
    }
    const blank = { claim: '', epoch: 0, order: 0, doubt: false };
    const committed = {
      state: 'committed',
      wf: r.wf,
      task: r.task,
      input: r.inputDigest,
      receipt,
    } as const;
    this.entries.set(r.key, { ...(entry ?? blank), ...committed });
    return { reply: 'ok', occurrence: 1 };
  }

  release(r: Ordered): ReleaseReply {
    const entry = this.entries.get(r.key);
    if (!entry || entry.state === 'released') return { reply: 'duplicate' };
    if (entry.state === 'committed')
      return { reply: 'committed', occurrence: 1, receipt: entry.receipt ?? '' };
    if (!isOwner(entry, r) || entry.claim !== r.claim || entry.order > r.order)
      return { reply: 'fenced' };
    Object.assign(entry, { state: 'released', order: r.order });
    return { reply: 'ok' };
  }

  private take(r: Ordered, doubt: boolean): ReserveReply {
    const { wf, task, claim, epoch, inputDigest: input, order } = r;
    this.entries.set(r.key, { state: 'reserved', wf, task, claim, epoch, input, order, doubt });
    return { reply: doubt ? 'taken-over' : 'reserved', occurrence: 1 };
  }
}

const isOwner = (entry: Entry, r: Ordered): boolean => entry.wf === r.wf && entry.task === r.task;

/** A newer claim has been here, or a later call of this one. */
const isLate = (entry: Entry, r: Ordered): boolean =>
  entry.epoch > r.epoch || (entry.claim === r.claim && entry.order > r.order);
