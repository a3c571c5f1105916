import {
  targetKey,
  type TargetStore,
  type AdmitReply,
  type ForceReply,
  type ReportReply,
  type TargetLimits,
  type TargetOutcome,
} from '../../src/index.js';
import type { Scene } from './scene.js';

export const BANK = 'bank';
export const LEASE_MS = 60_000;
/** A breaker that is easy to open: half of four calls. */
export const LIMITS: TargetLimits = {
  breaker: { windowMs: 10_000, minimum: 4, failureRate: 0.5, openMs: 5000, probes: 2 },
  rate: null,
  concurrency: null,
};

/** One target, with a clock that only `pass` moves. */
export class TargetScene {
  readonly store: TargetStore;
  limits = LIMITS;
  private nowMs = 1_000_000;
  private asked = 0;

  constructor(private readonly scene: Scene) {
    this.store = scene.store.targets;
  }

  async pass(ms: number): Promise<void> {
    this.nowMs += ms;
    const clock = targetKey(BANK, 'target').replace(/target$/, 'test-clock');
    await this.scene.redis.set(clock, this.nowMs);
  }

  /** @param who - default: somebody who has not asked before */
  admit(permit: string, who = `who-${(this.asked += 1)}`): Promise<AdmitReply> {
    return this.store.admit(BANK, this.limits, { permit, who, leaseMs: LEASE_MS });
  }

  report(permit: string, outcome: TargetOutcome, tookMs = 100): Promise<ReportReply> {
    return this.store.report(BANK, this.limits, permit, outcome, tookMs);
  }

  force(state: 'open' | 'closed', commandId: string, reason = 'said so'): Promise<ForceReply> {
    return this.store.force(BANK, { commandId, state, by: 'ann', reason });
  }

  /** Calls, each admitted and reported at once. */
  async calls(...outcomes: readonly TargetOutcome[]): Promise<ReportReply | undefined> {
    let last: ReportReply | undefined;
    for (const outcome of outcomes) {
      const permit = `p-${(this.asked += 1)}`;
      await this.admit(permit);
      last = await this.report(permit, outcome);
    }
    return last;
  }

  /** A breaker that four failures have opened. */
  async opened(): Promise<void> {
    await this.calls('failed', 'timed-out', 'failed', 'timed-out');
  }
}
