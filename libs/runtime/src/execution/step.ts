import {
  chainOf,
  DEFAULT_RETRY,
  retryInMs,
  stepFailures,
  type OperationNumber,
  type RetryPolicy,
} from '@lockstep/kernel';
import type { StepIo, StepOptions } from '../context/task-context.js';
import { durationMs } from '../effects/definition.js';
import { taskEvent } from './ending.js';
import { TimedOut } from './timed-out.js';
import type { TaskExecution } from './task-execution.js';

/** Longer waits than this become durable timers, and hold no worker; unit ms. */
export const LONGEST_HELD_WAIT_MS = 2000;

export interface StepWork {
  readonly op: OperationNumber;
  readonly name: string;
  readonly run: (io: StepIo) => unknown;
  readonly options: StepOptions;
}

type Tried = { readonly body: string } | { readonly error: unknown };

/** Runs a step until it has a recorded result, or until its next attempt is a durable timer's business. */
export function runStep(execution: TaskExecution, step: StepWork): Promise<unknown> {
  const attempt = 1 + stepFailures(execution.journal.recorded(step.op));
  const tried = tryOnce(execution, step);
  const isDone = !(tried instanceof Promise) && 'body' in tried && !execution.stop.aborted;
  return isDone
    ? recordResult(execution, step, attempt, tried.body)
    : untilRecorded(execution, step, attempt, tried);
}

async function untilRecorded(
  execution: TaskExecution,
  step: StepWork,
  first: number,
  tried: Tried | Promise<Tried>,
): Promise<void> {
  for (let attempt = first; ; attempt += 1) {
    const result = await (attempt === first ? tried : tryOnce(execution, step));
    if (execution.stop.aborted) return;
    if ('body' in result) {
      await recordResult(execution, step, attempt, result.body);
      return;
    }
    const policy: RetryPolicy = { ...DEFAULT_RETRY, ...step.options.retry };
    const waitMs = retryInMs(policy, attempt, result.error, execution.ports.clock.random());
    await recordFailure(execution, step, attempt, result.error, waitMs);
    if (waitMs === null || waitMs > LONGEST_HELD_WAIT_MS) return;
    await execution.ports.clock.delay(waitMs, execution.stop);
  }
}

/** A step that is done at once has its result at once. */
function tryOnce(
  { stop }: TaskExecution,
  { name, run, options }: StepWork,
): Tried | Promise<Tried> {
  const limit = options.timeout === undefined ? undefined : durationMs(options.timeout);
  const timeout = limit === undefined ? undefined : AbortSignal.timeout(limit);
  const signal = timeout ? AbortSignal.any([stop, timeout]) : stop;
  try {
    const over = timeout && rejectedBy(timeout, `step ${name}`, limit ?? 0);
    const value = over ? Promise.race([run({ signal }), over]) : run({ signal });
    return isThenable(value) ? Promise.resolve(value).then(written).catch(failed) : written(value);
  } catch (error) {
    return failed(error);
  }
}

const written = (value: unknown): Tried => ({
  body: value === undefined ? '' : JSON.stringify(value),
});
const failed = (error: unknown): Tried => ({ error });

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';

/** Rejects when the time is over, even if the work does not listen to its signal. */
export function rejectedBy(timeout: AbortSignal, what: string, limitMs: number): Promise<never> {
  return new Promise((_, reject) => {
    timeout.addEventListener('abort', () => {
      reject(new TimedOut(what, limitMs));
    });
  });
}

function recordResult(
  execution: TaskExecution,
  { op, name }: StepWork,
  attempt: number,
  body: string,
): Promise<boolean> {
  const event = taskEvent(execution.claimed, 'StepCompleted', { name, attempt }, op, body);
  return execution.record([{ event }]);
}

async function recordFailure(
  execution: TaskExecution,
  { op, name }: StepWork,
  attempt: number,
  error: unknown,
  waitMs: number | null,
): Promise<void> {
  const timer = waitMs !== null && waitMs > LONGEST_HELD_WAIT_MS;
  const meta = { name, attempt, error: chainOf(error), retryInMs: waitMs, timer };
  const event = taskEvent(execution.claimed, 'StepFailed', meta, op);
  await execution.record([timer ? { event, timerMs: waitMs } : { event }]);
}
