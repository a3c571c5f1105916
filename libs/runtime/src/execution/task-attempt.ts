// A task's own policy: whether a handler that failed runs again, and what of its history it finds then.
//
//   A1. What is recorded stays. Only the failure that ended the attempt is taken back, so the operation that
//       failed is the one that is tried again: once more for each attempt of its task, so that the two policies
//       add up and do not multiply.
//   A2. A failure can be taken back only while nothing was recorded that the handler asked for after it: what it did
//       in answer to the failure cannot be undone.
//   A3. A call that failed is not tried again here: its task has a policy of its own.
//   A4. The attempt and the wait for the next are one append, so a crash neither forgets nor counts one twice.

import {
  CallFailed,
  chainOf,
  type EventMeta,
  type Journal,
  type RetryPolicy,
  type WaitSpec,
} from '@lockstep/kernel';
import type { ClaimedTask } from '../worker/claimed-task.js';
import { suspendedOn, taskEvent, type Ending } from './ending.js';
import { nextAttemptInMs, type Timed } from './next-attempt.js';
import type { ToldFailure, ToldFailures } from './told-failures.js';

/** What a task waits for between its attempts: the timer of none of its operations, but its own. */
const NEXT_ATTEMPT: WaitSpec = { any: [0], all: [], signals: [] };

export const waitingToRunAgain = (claimed: ClaimedTask): Ending =>
  suspendedOn(claimed, NEXT_ATTEMPT);

/** The attempt has failed, and the task waits until it runs again (A4). */
export function runsAgain(claimed: ClaimedTask, failed: EventMeta['AttemptFailed']): Ending {
  const { items, options } = waitingToRunAgain(claimed);
  const event = taskEvent(claimed, 'AttemptFailed', failed);
  return { items: [{ event, timerMs: failed.retryInMs }, ...items], options };
}

/** What an execution knows when its handler has failed. */
export interface FailedExecution extends Timed {
  readonly journal: Journal;
  readonly told: ToldFailures;
}

/** What is recorded of an attempt that failed with `error` when another follows; null when none does. */
export async function failedAttempt(
  execution: FailedExecution,
  policy: RetryPolicy,
  error: unknown,
): Promise<EventMeta['AttemptFailed'] | null> {
  const told = execution.told.behind(error);
  if (told && !canTakeBack(execution, told)) return null;
  const earlier = execution.journal.failedAttempts;
  const reason = told ? told.error.chain[0] : error;
  const retryInMs = await nextAttemptInMs(execution, policy, earlier, reason);
  if (retryInMs === null) return null;
  const meta = { attempt: earlier.length + 1, error: chainOf(error), retryInMs };
  return told ? { ...meta, op: told.op } : meta;
}

function canTakeBack({ journal }: FailedExecution, { error, asked }: ToldFailure): boolean {
  if (error instanceof CallFailed || error.chain[0]?.kind !== 'transient') return false; // A3
  return journal.lastOperation() <= asked; // A2
}
