import type { SignalContract, TaskContract, WorkflowContract } from '@lockstep/contracts';
import type { RetryPolicy, TaskId, WorkflowId } from '@lockstep/kernel';
import type { EffectDefinition } from '../effects/spec.js';
import type { Duration } from '../effects/duration.js';
import type { Target } from '../targets/target.js';
import type { TaskLog } from './task-log.js';

/** What a step's work is given. */
export interface StepIo {
  /** Aborted when the claim is lost, the task is cancelled or the attempt's time is over. */
  readonly signal: AbortSignal;
}

export interface StepOptions {
  /** An error may ask for a longer wait by its `retryAfterMs`. */
  readonly retry?: Partial<RetryPolicy>;
  /** After this an attempt of the step is given up; default: none but the task's own. */
  readonly timeout?: Duration;
  /** What it calls: an attempt begins only when that lets it through, and waits at no cost until then. */
  readonly target?: Target;
}

type Results<Operations extends readonly unknown[]> = {
  -readonly [Index in keyof Operations]: Awaited<Operations[Index]>;
};

/** The shared state of the workflow, as one task sees and changes it. */
export interface SharedState<State> {
  /** The state up to the last result that was delivered to this task. */
  read(): Promise<Readonly<State>>;
  /** Merges a change: items to append or unite, numbers to add, new values. */
  merge(change: Partial<State>): Promise<void>;
  /**
   * Sets a field that merges by last write from its latest value; runs `change` again when another
   * writer was first.
   */
  update<Field extends keyof State & string>(
    field: Field,
    change: (value: State[Field] | undefined) => State[Field],
  ): Promise<void>;
}

/**
 * What a handler is given: every operation is recorded by its number and name, so that the task goes on at
 * the step where it stopped. A handler awaits only what comes from here.
 */
export interface TaskContext {
  readonly id: TaskId;
  readonly workflow: { readonly id: WorkflowId; readonly type: string; readonly tenant: string };
  /** Counts the claims of this task from 1. */
  readonly attempt: number;
  /** Aborted when the task is cancelled or its claim is lost. */
  readonly cancellation: AbortSignal;
  /** Silent while the task is replayed. */
  readonly log: TaskLog;

  /**
   * Runs `run` and records its result, as JSON; a recorded step is never run again (G4).
   *
   * @throws StepFailedForGood when its attempts are used up, or its error is not transient
   * @throws InvalidStep when its options cannot be
   * @throws NestedTarget when it names the target of its task
   */
  step<Result>(
    name: string,
    run: (io: StepIo) => Result | Promise<Result>,
    options?: StepOptions,
  ): Promise<Result>;

  /** Acts on the outside world, at most once for a key (G5). */
  effect<Input, Receipt>(
    definition: EffectDefinition<Input, Receipt>,
    use: { readonly key: string; readonly input: NoInfer<Input> },
  ): Promise<Receipt>;

  /** Asks another role, and waits for its answer. @throws CallFailed when it fails */
  call<Request, Result>(
    contract: TaskContract<Request, Result>,
    request: NoInfer<Request>,
  ): Promise<Result>;

  /**
   * Wants a call of this task no more: it rejects with CallCancelled, and who works on it, or on what it called, is
   * fenced and has its signals aborted. What was committed there stands. Nothing happens when the call has ended.
   */
  cancel(call: Promise<unknown>, reason: string): void;

  /** The other role finishes this task: `return task.handoff(…)`. */
  handoff<Request, Result>(
    contract: TaskContract<Request, Result>,
    request: NoInfer<Request>,
  ): Promise<Result>;

  /** Waits for all of them; a task that is suspended here wakes once. */
  all<const Operations extends readonly unknown[]>(
    operations: Operations,
  ): Promise<Results<Operations>>;

  /** Waits, for seconds or for months, and holds no worker meanwhile. */
  sleep(duration: Duration): Promise<void>;

  /** Waits for a signal; takes the oldest that nobody took. */
  signal<Payload>(contract: SignalContract<Payload>): Promise<Payload>;

  /** The shared state that the workflow's contract declares. */
  state<State>(contract: WorkflowContract<unknown, unknown, State, unknown>): SharedState<State>;

  /** A person may roll back to the last place of this name: what was committed before it stands. */
  savepoint(name: string): Promise<void>;

  /** True where the changed code runs: in new work, and wherever it ran before. */
  patched(id: string): Promise<boolean>;
}
