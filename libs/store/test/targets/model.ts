// The specification of admit and report: what a target lets through, and when its breaker moves.

import type { AdmitReply, BreakerState, TargetLimits, TargetOutcome } from '../../src/index.js';

const SLICES = 10;

export class TargetModel {
  state: BreakerState = 'closed';
  /** Permits that are out, by the end of their lease. */
  readonly permits = new Map<string, number>();
  private readonly probes = new Set<string>();
  private nowMs = 1_000_000;
  private opensUntilMs = 0;
  private passed = 0;
  private ended: { readonly atMs: number; readonly bad: boolean }[] = [];
  private tokens: number;
  private filledAtMs = this.nowMs;

  constructor(
    private readonly limits: TargetLimits,
    private readonly leaseMs: number,
  ) {
    this.tokens = limits.rate?.burst ?? 0;
  }

  pass(ms: number): void {
    this.nowMs += ms;
  }

  admit(permit: string): AdmitReply['reply'] {
    const { concurrency, rate } = this.limits;
    const tokens = this.tokensNow();
    if (this.isBroken()) return 'open';
    if (concurrency !== null && this.out().length >= concurrency) return 'full';
    if (rate !== null && tokens < 1) return 'limited';
    if (this.state === 'open') this.move('half-open');
    if (this.state === 'half-open') this.probes.add(permit);
    for (const [id, endMs] of this.permits) if (endMs <= this.nowMs) this.permits.delete(id);
    this.permits.set(permit, this.nowMs + this.leaseMs);
    [this.tokens, this.filledAtMs] = [tokens - 1, this.nowMs];
    return 'admitted';
  }

  report(permit: string, outcome: TargetOutcome): 'ok' | 'gone' {
    if (!this.permits.delete(permit)) return 'gone';
    const isProbe = this.probes.delete(permit);
    if (outcome === 'unused') return 'ok';
    if (this.state === 'closed') this.count(outcome !== 'ok');
    else if (this.state === 'half-open' && isProbe) this.countProbe(outcome !== 'ok');
    return 'ok';
  }

  /** Permits whose holders may be acting now. */
  out(): string[] {
    return [...this.permits].flatMap(([id, endMs]) => (endMs > this.nowMs ? [id] : []));
  }

  private isBroken(): boolean {
    if (this.state === 'closed') return false;
    if (this.state === 'open') return this.nowMs < this.opensUntilMs;
    const out = this.out().filter((id) => this.probes.has(id)).length;
    return out + this.passed >= this.limits.breaker.probes;
  }

  private tokensNow(): number {
    const { rate } = this.limits;
    if (rate === null) return 0;
    const come = ((this.nowMs - this.filledAtMs) * rate.perSecond) / 1000;
    return Math.min(rate.burst, this.tokens + come);
  }

  private count(bad: boolean): void {
    const { windowMs, minimum, failureRate } = this.limits.breaker;
    const width = windowMs / SLICES;
    this.ended.push({ atMs: this.nowMs - (this.nowMs % width), bad });
    const within = this.ended.filter(({ atMs }) => atMs > this.nowMs - windowMs);
    const failed = within.filter((call) => call.bad).length;
    if (within.length >= minimum && failed >= within.length * failureRate) this.move('open');
  }

  private countProbe(bad: boolean): void {
    this.passed += 1;
    if (bad) this.move('open');
    else if (this.passed >= this.limits.breaker.probes) this.move('closed');
  }

  private move(state: BreakerState): void {
    this.state = state;
    this.passed = 0;
    this.ended = [];
    this.probes.clear();
    this.opensUntilMs = this.nowMs + this.limits.breaker.openMs;
  }
}
