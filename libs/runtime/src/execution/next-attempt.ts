import { retryInMs, type RecordedEvent, type RetryPolicy } from '@lockstep/kernel';
import { repeatUntilAnswered } from './repeat.js';
import type { ClaimedTask } from '../worker/claimed-task.js';
import type { LogReader, Store } from '@lockstep/store';
import type { Clock } from './clock.js';

/** What is asked how much time has passed. */
export interface Timed {
  readonly claimed: Pick<ClaimedTask, 'wf'>;
  readonly ports: {
    readonly store: Pick<Store, 'timeMs'>;
    readonly log: Pick<LogReader, 'all'>;
    readonly clock: Clock;
  };
  readonly lost: AbortSignal;
}

/**
 * How long until the attempt after one that just failed, unit ms; null when there is none.
 *
 * @param earlier - the attempts that failed before it, oldest first
 */
export async function nextAttemptInMs(
  execution: Timed,
  policy: RetryPolicy,
  earlier: readonly RecordedEvent[],
  error: unknown,
): Promise<number | null> {
  const attempt = earlier.length + 1;
  const [first] = earlier;
  const isTimed = first !== undefined && policy.totalMs < Infinity;
  const elapsedMs = isTimed ? await sinceMs(execution, first) : 0;
  return retryInMs(policy, { attempt, error, elapsedMs }, execution.ports.clock.random());
}

/**
 * Time since an event, by the clock that recorded it: the difference of two machines' clocks is no time. What this
 * process appended itself is read again, for only the log has its time.
 */
function sinceMs({ claimed, ports, lost }: Timed, { version }: RecordedEvent): Promise<number> {
  const { store, log, clock } = ports;
  const ask = async (): Promise<number> => {
    const [nowMs, [event]] = await Promise.all([
      store.timeMs(claimed.wf),
      log.all(claimed.wf, version, version),
    ]);
    return event ? Math.max(0, nowMs - event.atMs) : 0;
  };
  return repeatUntilAnswered(ask, clock, lost);
}
