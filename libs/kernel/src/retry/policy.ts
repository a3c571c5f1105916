import { LockstepError } from '@lockstep/contracts';
import type { RecordedEvent } from '../events/event.js';
import { NotPerformed } from '../failure/failures.js';

export interface RetryPolicy {
  /** Attempts in all, the first included; 1 for none but the first. Default 4. */
  readonly attempts: number;
  /** The longest wait before the second attempt, unit ms; it doubles with each further one. Default 200. */
  readonly baseMs: number;
  /** No wait is longer, unit ms. Default 30 s. */
  readonly capMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 4, baseMs: 200, capMs: 30_000 };

/**
 * How long to wait before the next attempt, or null when there is none: exponential backoff with full jitter.
 *
 * @param attempt - the one that failed, from 1
 * @param random - in [0, 1)
 */
export function retryInMs(
  policy: RetryPolicy,
  attempt: number,
  error: unknown,
  random: number,
): number | null {
  if (attempt >= policy.attempts || !canRetry(error)) return null;
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
  const asked = error instanceof NotPerformed ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(asked, Math.floor(random * ceiling));
}

/** Only the slow world is worth another attempt; an error that is not ours may be that. */
const canRetry = (error: unknown): boolean =>
  !(error instanceof LockstepError) || error.kind === 'transient';

/** Whether the operation waits for the durable timer of its next attempt. */
export function awaitsRetryTimer(events: readonly RecordedEvent[]): boolean {
  const last = events.findLast(
    ({ type }) => type === 'StepFailed' || type === 'EffectNotPerformed' || type === 'TimerFired',
  );
  return (last?.type === 'StepFailed' || last?.type === 'EffectNotPerformed') && last.meta.timer;
}
