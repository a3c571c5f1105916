// Targets: what work asks before it acts on a tool, a model or a role, whatever process it runs in.

import type { Redis } from 'ioredis';
import { callFunction, type Reply } from './function-call.js';
import { targetKey, TARGETS_KEY } from './keys.js';
import { LIBRARY } from './library.js';
import { checkId } from './limits.js';

/** What a target takes, as whoever asks for admission declares it. */
export interface TargetLimits {
  readonly breaker: BreakerLimits;
  /** Null for any rate. */
  readonly rate: { readonly perSecond: number; readonly burst: number } | null;
  /** Calls that may go on at once, in all processes together; null for any number. */
  readonly concurrency: number | null;
}

export interface BreakerLimits {
  /** Calls that ended within this time are counted, unit ms. */
  readonly windowMs: number;
  /** It does not open over fewer calls than these; 0: never by itself. */
  readonly minimum: number;
  /** It opens when this part of the calls failed or timed out, 0 to 1. */
  readonly failureRate: number;
  /** It stays open for this time, unit ms; then come the probes. */
  readonly openMs: number;
  /** Calls that have to go well before it closes. */
  readonly probes: number;
}

export interface AskForAdmission {
  /** Random for each attempt, so that a repeat of the call is known again. */
  readonly permit: string;
  /** Who asks: the same for each attempt, so that it keeps its place among those that wait. */
  readonly who: string;
  /** The permit is given back by itself after this, unit ms. */
  readonly leaseMs: number;
}

export type AdmitReply =
  | { readonly reply: 'admitted' }
  /** `retryInMs`: when who asked is expected again; everybody is told another time. */
  | { readonly reply: Refusal; readonly retryInMs: number };
export type Refusal = 'open' | 'full' | 'limited';

export type BreakerState = 'closed' | 'open' | 'half-open';
/** `unused`: it was not acted at all, and nothing is counted. */
export type TargetOutcome = 'ok' | 'failed' | 'timed-out' | 'unused';

export interface ReportReply {
  /** `gone`: it was reported before, or its lease had ended; nothing was counted. */
  readonly reply: 'ok' | 'gone';
  readonly state: BreakerState;
}

export interface ForceBreaker {
  /** The command's own, against doubles. */
  readonly commandId: string;
  readonly state: 'open' | 'closed';
  readonly by: string;
  readonly reason: string;
}

export type ForceReply =
  | { readonly reply: 'ok'; readonly state: BreakerState }
  /** With the reason that the command was first made for. */
  | { readonly reply: 'duplicate'; readonly state: BreakerState; readonly reason: string };

/** The operations of targets. Each is atomic, and safe to repeat with the same arguments (S12). */
export class TargetStore {
  constructor(
    private readonly redis: Redis,
    private readonly library: string = LIBRARY,
  ) {}

  /** Makes a target known by its name to whoever lists them. */
  async declare(target: string): Promise<void> {
    await this.redis.sadd(TARGETS_KEY, target);
  }

  /** Asks for a permit to act. @see functions/admit.lua */
  async admit(target: string, limits: TargetLimits, ask: AskForAdmission): Promise<AdmitReply> {
    const args = [ask.permit, ask.who, ask.leaseMs, ...limitArgs(limits)];
    const [reply, retryInMs] = await this.call('admit', target, args);
    if (reply === 'admitted') return { reply };
    return { reply: reply as Refusal, retryInMs: Number(retryInMs) };
  }

  /**
   * Gives a permit back and says what came of it.
   *
   * @param tookMs - how long the call took
   * @see functions/report.lua
   */
  async report(
    target: string,
    limits: TargetLimits,
    permit: string,
    outcome: TargetOutcome,
    tookMs: number,
  ): Promise<ReportReply> {
    const args = [permit, outcome, Math.round(tookMs), ...limitArgs(limits)];
    const [reply, state] = await this.call('report', target, args);
    return { reply: reply as ReportReply['reply'], state: state as BreakerState };
  }

  /** A person opens or closes a breaker. @see functions/force.lua */
  async force(target: string, command: ForceBreaker): Promise<ForceReply> {
    checkId('the id of a command', command.commandId);
    const args = [command.commandId, command.state, command.by, command.reason];
    const [reply, state, reason] = await this.call('force', target, args);
    if (reply === 'ok') return { reply, state: state as BreakerState };
    return { reply: 'duplicate', state: state as BreakerState, reason: String(reason) };
  }

  private call(
    operation: string,
    target: string,
    args: readonly (string | number)[],
  ): Promise<Reply> {
    return callFunction(this.redis, this.library, operation, targetKey(target, 'target'), args);
  }
}

const limitArgs = ({ breaker, rate, concurrency }: TargetLimits): number[] => [
  breaker.windowMs,
  breaker.minimum,
  breaker.failureRate,
  breaker.openMs,
  breaker.probes,
  rate?.perSecond ?? 0,
  rate?.burst ?? 0,
  concurrency ?? 0,
];
