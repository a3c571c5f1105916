import { LockstepError, NAME_PATTERN } from '@lockstep/contracts';
import type { BreakerLimits, TargetLimits } from '@lockstep/store';
import { durationMs, type Duration } from '../effects/duration.js';

export interface TargetOptions {
  /**
   * When nobody is let through any more; `false`: only when a person says so. Defaults: it opens when half of 10 calls
   * or more in 30 s failed or timed out, for 15 s, and closes when 3 probes went well.
   */
  readonly breaker?: Partial<BreakerLimits> | false;
  /** Calls a second, of all processes together; `burst` of them may come at once (default: a second's). */
  readonly rate?: { readonly perSecond: number; readonly burst?: number };
  /** Calls that may go on at once, in all processes together; default: any number. */
  readonly concurrency?: number;
  /** The part of a process's places that may be taken by tasks which are there, over 0 to 1; default 0.5. */
  readonly share?: number;
  /** After this a step that names no time of its own is given up; default 30 s. */
  readonly timeout?: Duration;
}

/** Something that work depends on and that can be slow, broken or full: a tool, a model, a role. */
export interface Target {
  readonly name: string;
  readonly limits: TargetLimits;
  readonly share: number;
  readonly timeoutMs: number;
}

const DEFAULT_BREAKER: BreakerLimits = {
  windowMs: 30_000,
  minimum: 10,
  failureRate: 0.5,
  openMs: 15_000,
  probes: 3,
};

/** A target that cannot hold as it is declared. */
export class InvalidTarget extends LockstepError {
  readonly code = 'InvalidTarget';
  readonly kind = 'defect';
}

/** A step or effect asks for the target that its task asks for already: the one would wait for the other. */
export class NestedTarget extends LockstepError {
  readonly code = 'NestedTarget';
  readonly kind = 'permanent';

  constructor(what: string, target: string) {
    super(
      `${what} asks for target ${target}, and so does its task, which would wait for it and keep it waiting: ` +
        'name the target in one of them',
      { what, target },
    );
  }
}

/**
 * Declares a target. All processes that name it share its breaker and its limits.
 *
 * @throws InvalidTarget
 */
export function target(name: string, options: TargetOptions = {}): Target {
  const { breaker = {}, rate, concurrency, share = 0.5, timeout = '30s' } = options;
  const limits: TargetLimits = {
    breaker: { ...DEFAULT_BREAKER, ...(breaker === false ? { minimum: 0 } : breaker) },
    rate: rate ? { perSecond: rate.perSecond, burst: rate.burst ?? burstOf(rate.perSecond) } : null,
    concurrency: concurrency ?? null,
  };
  const declared = { name, limits, share, timeoutMs: durationMs(timeout) };
  check(declared);
  return declared;
}

const burstOf = (perSecond: number): number => Math.max(1, Math.ceil(perSecond));

function check({ name, limits, share, timeoutMs }: Target): void {
  const { breaker, rate, concurrency } = limits;
  const must = (holds: boolean, rule: string): void => {
    if (!holds) throw new InvalidTarget(`target ${JSON.stringify(name)}: ${rule}`, { name });
  };
  must(NAME_PATTERN.test(name), 'a name is a lowercase letter, then 62 letters, digits or hyphens');
  must(breaker.windowMs >= 100 && breaker.openMs >= 1, 'the times of a breaker are too short');
  must(breaker.minimum >= 0 && breaker.probes >= 1, 'a breaker needs a minimum, and a probe');
  must(isPart(breaker.failureRate) && isPart(share), 'a part is over 0, and 1 at most');
  must(rate === null || (rate.perSecond > 0 && rate.burst >= 1), 'a rate must let something pass');
  must(concurrency === null || concurrency >= 1, 'a limit must let something pass');
  must(timeoutMs >= 1, 'a timeout must let something pass');
}

const isPart = (part: number): boolean => part > 0 && part <= 1;
