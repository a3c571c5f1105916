import { LockstepError } from '@lockstep/contracts';
import type { EventType, RecordedEvent } from '../events/event.js';

export interface RetryPolicy {
  /** Attempts in all, the first included; 1 for none but the first. Default 4. */
  readonly attempts: number;
  /** The longest wait before the second attempt, unit ms; it doubles with each further one. Default 200. */
  readonly baseMs: number;
  /** No wait of ours is longer, unit ms; one that the outside asked for may be. Default 30 s. */
  readonly capMs: number;
  /** No attempt is planned later than this after the first one failed, unit ms. Default: no limit. */
  readonly totalMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 4,
  baseMs: 200,
  capMs: 30_000,
  totalMs: Infinity,
};

/** What of a policy cannot be, in words; empty when it can. */
export function violationsOf({ attempts, baseMs, capMs, totalMs }: RetryPolicy): string[] {
  const wrong: string[] = [];
  if (!Number.isSafeInteger(attempts) || attempts < 1)
    wrong.push(`retry.attempts is ${attempts}, and counts the first: a whole number from 1 on`);
  for (const [name, ms] of Object.entries({ baseMs, capMs, totalMs })) {
    if (!(ms >= 0)) wrong.push(`retry.${name} is ${ms}: a time from 0 on, in ms`);
  }
  return wrong;
}

/** An attempt that failed. */
export interface FailedAttempt {
  /** Counted from 1. */
  readonly attempt: number;
  readonly error: unknown;
  /** Time since the first one failed, by the store's clock; unit ms. */
  readonly elapsedMs: number;
}

/**
 * How long to wait before the next attempt, or null when there is none: exponential backoff with full jitter,
 * and never less than the error asks for.
 *
 * @param random - in [0, 1)
 */
export function retryInMs(
  policy: RetryPolicy,
  { attempt, error, elapsedMs }: FailedAttempt,
  random: number,
): number | null {
  if (attempt >= policy.attempts || !canRetry(error)) return null;
  const ceilingMs = Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
  const waitMs = Math.max(retryAfterMs(error), Math.floor(random * ceilingMs));
  return elapsedMs + waitMs > policy.totalMs ? null : waitMs;
}

/** Only the slow world is worth another attempt; an error that is not ours may be that. */
const canRetry = (error: unknown): boolean =>
  !(error instanceof LockstepError) || error.kind === 'transient';

/** How long whoever threw it asks to wait, by its `retryAfterMs`; 0 when it does not. */
function retryAfterMs(error: unknown): number {
  const asked = (error as { readonly retryAfterMs?: unknown } | null | undefined)?.retryAfterMs;
  return typeof asked === 'number' && Number.isFinite(asked) ? Math.max(0, Math.ceil(asked)) : 0;
}

const OF_WAITS = new Set<EventType>([
  'StepFailed',
  'EffectNotPerformed',
  'AttemptDeferred',
  'TimerFired',
]);

/** Whether the operation waits for the durable timer of its next attempt. */
export function awaitsRetryTimer(events: readonly RecordedEvent[]): boolean {
  const last = events.findLast(({ type }) => OF_WAITS.has(type));
  if (last?.type === 'AttemptDeferred') return true;
  return (last?.type === 'StepFailed' || last?.type === 'EffectNotPerformed') && last.meta.timer;
}

/** How often in a row the operation was deferred, up to now. */
export function deferralsInARow(events: readonly RecordedEvent[]): number {
  const last = events.findLastIndex(
    ({ type }) => type !== 'AttemptDeferred' && type !== 'TimerFired',
  );
  return events.slice(last + 1).filter(({ type }) => type === 'AttemptDeferred').length;
}
