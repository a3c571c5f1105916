import type { AnyTask, TaskContract } from '@lockstep/contracts';
import { DEFAULT_RETRY, type RetryPolicy, violationsOf } from '@lockstep/kernel';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { PARAM_ARGS_METADATA } from '@nestjs/microservices/constants.js';
import type { TaskContext } from '../context/task-context.js';
import { type Duration, durationMs, limitViolations } from '../effects/duration.js';
import type { Target } from '../targets/target.js';
import type { TaskHandlerOptions } from '../worker/claimed-task.js';
import { InvalidAgent } from './agents.js';

export interface TaskSettings {
  /**
   * How long one attempt may run before its claim is taken away; waiting for tasks, timers and signals does not
   * count. Default 5 minutes.
   */
  readonly timeout?: Duration;
  /**
   * What follows when the handler fails with a transient error: it is run again after a durable wait. What is recorded
   * stays; the operation that failed is tried once more. A call that failed is not: its task has a policy of its own.
   * Default: nothing follows, for steps and effects have their own policies (`attempts: 1`).
   */
  readonly retry?: Partial<RetryPolicy>;
  /**
   * What the task depends on as a whole, as a role does on its model: while that takes no work the task waits suspended,
   * its handler has not begun, and no attempt is lost. A handler that fails counts against it; a definite no and
   * the failure of a called task do not. Its `timeout` and `share` do not concern tasks. Default: nothing.
   */
  readonly target?: Target;
}

/** What a strategy finds with a handler: its contract and options. */
export interface TaskExtras {
  readonly contract: AnyTask;
  readonly options: TaskHandlerOptions;
}

type Handler<Request, Result> = (request: Request, task: TaskContext) => Promise<Result>;

const DEFAULT_TIMEOUT: Duration = '5m';

/** Where a task's handler is registered: `payments@1/refund`. */
export const patternOf = ({ inbox, name }: Pick<AnyTask, 'inbox' | 'name'>): string =>
  `${inbox}/${name}`;

/**
 * Makes a method the handler of a task. It gets the request, which is an instance of the contract's class, and
 * the {@link TaskContext}; a method that takes or answers anything else does not compile.
 *
 * @throws InvalidAgent when its settings cannot be
 */
export function Task<Request, Result>(
  contract: TaskContract<Request, Result>,
  settings: TaskSettings = {},
) {
  const extras: TaskExtras = { contract, options: optionsOf(contract, settings) };
  return <Method extends Handler<Request, Result>>(
    target: object,
    method: string,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => {
    MessagePattern(patternOf(contract), extras)(target, method, descriptor);
    giveArguments(target, method);
  };
}

/** @throws InvalidAgent */
function optionsOf(
  contract: Pick<AnyTask, 'inbox' | 'name'>,
  { timeout = DEFAULT_TIMEOUT, retry: given, target }: TaskSettings,
): TaskHandlerOptions {
  const timeoutMs = durationMs(timeout);
  const retry = { ...DEFAULT_RETRY, attempts: 1, ...given };
  const violations = [...limitViolations('timeout', timeoutMs), ...violationsOf(retry)];
  if (violations.length === 0) return { timeoutMs, retry, ...(target && { target }) };
  const name = patternOf(contract);
  throw new InvalidAgent(`@Task of ${name} cannot be as it is set: ${violations.join('; ')}`, {
    ...{ task: name, violations },
  });
}

/** Without this Nest would give a handler its request only. A method's own decorators come first. */
function giveArguments(target: object, method: string): void {
  const declared: unknown = Reflect.getMetadata(PARAM_ARGS_METADATA, target.constructor, method);
  if (declared !== undefined) return;
  Payload()(target, method, 0);
  Ctx()(target, method, 1);
}
