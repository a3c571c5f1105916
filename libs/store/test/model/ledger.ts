// The specification of reserve, commit, release and compensate: one effect's entry, and who may do what with it.

import type {
  CompensateReply,
  Compensation,
  CommitReply,
  ReleaseReply,
  Reservation,
  ReserveReply,
} from '../../src/index.js';

export interface Entry {
  state: 'reserved' | 'committed' | 'compensating' | 'compensated' | 'released';
  occurrence: number;
  wf: string;
  task: string;
  claim: string;
  epoch: number;
  /** Null when nobody has reserved it. */
  scheduledAtMs: number | null;
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
    const { state, occurrence } = entry;
    if ((state === 'reserved' || state === 'committed') && entry.input !== r.inputDigest)
      return { reply: 'conflict', wf, task };
    if (state === 'committed')
      return { reply: 'committed', occurrence, receipt: entry.receipt ?? '', wf, task };
    if (state === 'compensating') return { reply: 'held', wf, task };
    if (!isOwner(entry, r))
      return entry.state === 'reserved' ? { reply: 'held', wf, task } : this.take(r, false);
    if (isSameLife(entry, r) && (isLate(entry, r) || state === 'compensated'))
      return { reply: 'fenced' };
    const isAnothers = entry.claim !== r.claim;
    return this.take(r, entry.state === 'reserved' && (isAnothers || entry.doubt));
  }

  commit(r: Ordered, receipt: string): CommitReply {
    const entry = this.entries.get(r.key);
    const { wf, task } = entry ?? r;
    if (entry && entry.state !== 'released' && !isOwner(entry, r))
      return { reply: 'conflict', wf, task };
    const occurrence = entry?.occurrence ?? 1;
    if (entry && hasHappened(entry)) {
      const kept = entry.receipt ?? '';
      return kept === receipt
        ? { reply: 'duplicate', occurrence }
        : { reply: 'different', occurrence, receipt: kept };
    }
    const blank = { occurrence, claim: '', epoch: 0, scheduledAtMs: null, order: 0, doubt: false };
    const committed = {
      state: 'committed',
      wf: r.wf,
      task: r.task,
      input: r.inputDigest,
      receipt,
    } as const;
    this.entries.set(r.key, { ...(entry ?? blank), ...committed });
    return { reply: 'ok', occurrence };
  }

  release(r: Ordered): ReleaseReply {
    const entry = this.entries.get(r.key);
    if (!entry || entry.state === 'released') return { reply: 'duplicate' };
    if (hasHappened(entry))
      return { reply: 'committed', occurrence: entry.occurrence, receipt: entry.receipt ?? '' };
    if (!isOwner(entry, r) || entry.claim !== r.claim || entry.order > r.order)
      return { reply: 'fenced' };
    Object.assign(entry, { state: 'released', order: r.order });
    return { reply: 'ok' };
  }

  compensate(c: Compensation, to: 'compensating' | 'compensated'): CompensateReply {
    const entry = this.entries.get(c.key);
    if (!entry || entry.occurrence !== c.occurrence || !isOwner(entry, c)) return { reply: 'gone' };
    if (entry.state === to || entry.state === 'compensated') return { reply: 'duplicate' };
    if (!hasHappened(entry)) return { reply: 'gone' };
    entry.state = to;
    return { reply: 'ok' };
  }

  /** Behind an effect that was undone comes the next occurrence of its key; the receipt stays until there is another. */
  private take(r: Ordered, doubt: boolean): ReserveReply {
    const { wf, task, claim, epoch, scheduledAtMs, inputDigest: input, order } = r;
    const before = this.entries.get(r.key);
    const occurrence = (before?.occurrence ?? 1) + Number(before?.state === 'compensated');
    const taken = { occurrence, wf, task, claim, epoch, scheduledAtMs, input, order, doubt };
    this.entries.set(r.key, { ...before, ...taken, state: 'reserved' });
    return { reply: doubt ? 'taken-over' : 'reserved', occurrence };
  }
}

const hasHappened = ({ state }: Entry): boolean =>
  state === 'committed' || state === 'compensating' || state === 'compensated';

const isOwner = (entry: Entry, r: Pick<Ordered, 'wf' | 'task'>): boolean =>
  entry.wf === r.wf && entry.task === r.task;

/** Of one task, and not of two under one name. */
const isSameLife = (entry: Entry, r: Ordered): boolean =>
  entry.scheduledAtMs === null || entry.scheduledAtMs === r.scheduledAtMs;

/** A newer claim has been here, or a later call of this one. */
const isLate = (entry: Entry, r: Ordered): boolean =>
  entry.epoch > r.epoch || (entry.claim === r.claim && entry.order > r.order);
