import { LockstepError } from '@lockstep/contracts';
import {
  chainOf,
  DEFAULT_RETRY,
  failedAttempts,
  violationsOf,
  type OperationNumber,
  type RecordedEvent,
  type RetryPolicy,
} from '@lockstep/kernel';
import type { StepIo, StepOptions } from '../context/task-context.js';
import { durationMs, limitViolations } from '../effects/duration.js';
import { Access } from '../targets/access.js';
import { outcomeOf } from '../targets/permit.js';
import type { Target } from '../targets/target.js';
import { taskEvent } from './ending.js';
import { nextAttemptInMs } from './next-attempt.js';
import { TimedOut } from './timed-out.js';
import type { TaskExecution } from './task-execution.js';
import { LONGEST_HELD_WAIT_MS } from './waits.js';

/** A step cannot be as its options say. */
export class InvalidStep extends LockstepError {
  readonly code = 'InvalidStep';
  readonly kind = 'permanent';

  constructor(name: string, violations: readonly string[]) {
    super(`step ${name} cannot be as it is asked for: ${violations.join('; ')}`, {
      ...{ name, violations },
    });
  }
}

export interface StepWork {
  readonly op: OperationNumber;
  readonly name: string;
  readonly run: (io: StepIo) => unknown;
  readonly retry: RetryPolicy;
  /** After this an attempt is given up, unit ms; undefined: only with the task's own. */
  readonly timeoutMs: number | undefined;
  /** What it calls, if that has limits. */
  readonly target: Target | undefined;
}

/**
 * A step as its author asks for it.
 *
 * @throws InvalidStep when what is asked for cannot be
 */
export function stepWork(
  name: string,
  run: StepWork['run'],
  { retry: given, timeout, target }: StepOptions,
): Omit<StepWork, 'op'> {
  const retry = given ? { ...DEFAULT_RETRY, ...given } : DEFAULT_RETRY;
  const timeoutMs = timeout === undefined ? target?.timeoutMs : durationMs(timeout);
  const violations = [
    ...(given ? violationsOf(retry) : []),
    ...(timeoutMs === undefined ? [] : limitViolations('timeout', timeoutMs)),
  ];
  if (violations.length > 0) throw new InvalidStep(name, violations);
  return { name, run, retry, timeoutMs, target };
}

const failuresOf = ({ journal }: TaskExecution, { op }: StepWork): readonly RecordedEvent[] =>
  failedAttempts(journal.recorded(op));

type Tried = { readonly body: string } | { readonly error: unknown };

/** Runs a step until it has a recorded result, or until its next attempt is a durable timer's business. */
export function runStep(execution: TaskExecution, step: StepWork): Promise<unknown> {
  const attempt = 1 + failuresOf(execution, step).length;
  if (step.target) return runAtTarget(execution, step, attempt);
  const tried = tryOnce(execution, step);
  const isDone = !(tried instanceof Promise) && 'body' in tried && !execution.stop.aborted;
  return isDone
    ? recordResult(execution, step, attempt, tried.body)
    : untilRecorded(execution, step, attempt, tried);
}

function runAtTarget(execution: TaskExecution, step: StepWork, first: number): Promise<void> {
  const { op, name, target } = step;
  const access = new Access({ execution, op, name: `step ${name}`, target, stop: execution.stop });
  const tryAgain = (): Promise<Tried | null> => tryAdmitted(execution, step, access);
  return access.inside(() => untilRecorded(execution, step, first, tryAgain(), tryAgain));
}

/** Null when its target takes no work now. */
async function tryAdmitted(
  execution: TaskExecution,
  step: StepWork,
  access: Access,
): Promise<Tried | null> {
  const permit = await access.admit(step.timeoutMs ?? 0);
  if (!permit) return null;
  const tried = await tryOnce(execution, step);
  if (execution.stop.aborted) permit.report('unused');
  else permit.report('body' in tried ? 'ok' : outcomeOf(tried.error));
  return tried;
}

async function untilRecorded(
  execution: TaskExecution,
  step: StepWork,
  first: number,
  tried: Tried | Promise<Tried | null>,
  tryAgain: () => Tried | Promise<Tried | null> = () => tryOnce(execution, step),
): Promise<void> {
  for (let attempt = first; ; attempt += 1) {
    const result = await (attempt === first ? tried : tryAgain());
    if (result === null || execution.stop.aborted) return;
    if ('body' in result) {
      await recordResult(execution, step, attempt, result.body);
      return;
    }
    const failures = failuresOf(execution, step);
    const waitMs = await nextAttemptInMs(execution, step.retry, failures, result.error);
    await recordFailure(execution, step, attempt, result.error, waitMs);
    if (waitMs === null || waitMs > LONGEST_HELD_WAIT_MS) return;
    await execution.ports.clock.delay(waitMs, execution.stop);
  }
}

/** A step that is done at once has its result at once. */
function tryOnce(
  { stop }: TaskExecution,
  { name, run, timeoutMs }: StepWork,
): Tried | Promise<Tried> {
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const signal = timeout ? AbortSignal.any([stop, timeout]) : stop;
  try {
    const over = timeout && rejectedBy(timeout, `step ${name}`, timeoutMs ?? 0);
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
  const over = new Promise<never>((_, reject) => {
    timeout.addEventListener('abort', () => {
      reject(new TimedOut(what, limitMs));
    });
  });
  over.catch(() => undefined); // work that throws at once leaves nobody to wait for it
  return over;
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
