// The ledger of effects: one entry for each tenant, action and key, whichever workflow asks.

import type { Redis } from 'ioredis';
import { callFunction, type Reply } from './function-call.js';
import { ledgerKey } from './keys.js';
import { checkId, checkPayload } from './limits.js';
import type {
  CommitReply,
  CompensateReply,
  Compensation,
  ReleaseReply,
  Reservation,
  ReserveReply,
  StoreLimits,
} from './operations.js';

/** Like {@link Store}: each operation is atomic, and safe to repeat (S12). */
export class LedgerStore {
  constructor(
    private readonly redis: Redis,
    private readonly limits: Pick<StoreLimits, 'receiptMs'>,
    private readonly library: string,
  ) {}

  /** Reserves an effect before it is performed. @see functions/reserve.lua */
  async reserve(r: Reservation): Promise<ReserveReply> {
    checkId('the key of an effect', r.key);
    const entry = ledgerKey(r.tenant, r.action, r.key);
    const [reply, a, b, c, d] = await this.call('reserve', entry, [
      r.wf,
      r.task,
      r.claim,
      r.epoch,
      r.inputDigest,
      nextOrder(),
      r.scheduledAtMs,
    ]);
    if (reply === 'fenced') return { reply };
    if (reply === 'held' || reply === 'conflict') return { reply, wf: String(a), task: String(b) };
    if (reply === 'committed') {
      return { reply, occurrence: Number(a), receipt: String(b), wf: String(c), task: String(d) };
    }
    return { reply: reply as 'reserved' | 'taken-over', occurrence: Number(a) };
  }

  /** Keeps an effect's receipt. @see functions/commit.lua */
  async commit(r: Reservation, receipt: string): Promise<CommitReply> {
    checkPayload(`the receipt of ${r.action} ${r.key}`, receipt);
    const entry = ledgerKey(r.tenant, r.action, r.key);
    const args = [r.wf, r.task, r.inputDigest, receipt, this.limits.receiptMs];
    const [reply, a, b] = await this.call('commit', entry, args);
    if (reply === 'conflict') return { reply, wf: String(a), task: String(b) };
    if (reply === 'different') return { reply, occurrence: Number(a), receipt: String(b) };
    return { reply: reply as 'ok' | 'duplicate', occurrence: Number(a) };
  }

  /** Frees the key of an effect that was shown not to have happened. @see functions/release.lua */
  async release(r: Reservation): Promise<ReleaseReply> {
    const entry = ledgerKey(r.tenant, r.action, r.key);
    const args = [r.wf, r.task, r.claim, nextOrder(), this.limits.receiptMs];
    const [reply, a, b] = await this.call('release', entry, args);
    if (reply === 'committed') return { reply, occurrence: Number(a), receipt: String(b) };
    return { reply: reply as 'ok' | 'duplicate' | 'fenced' };
  }

  /** Marks a committed effect as about to be undone, or as undone. @see functions/compensate.lua */
  async compensate(e: Compensation, to: 'compensating' | 'compensated'): Promise<CompensateReply> {
    const entry = ledgerKey(e.tenant, e.action, e.key);
    const [reply] = await this.call('compensate', entry, [e.wf, e.task, e.occurrence, to]);
    return { reply: reply as CompensateReply['reply'] };
  }

  private call(operation: string, key: string, args: readonly (string | number)[]): Promise<Reply> {
    return callFunction(this.redis, this.library, operation, key, args);
  }
}

// A claim lives in one process, so that its calls to the ledger can be told apart by their order: one that
// was held up on a broken connection does not undo a later one.
let ledgerCalls = 0;
const nextOrder = (): number => (ledgerCalls += 1);
