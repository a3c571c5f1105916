// What of a workflow waits for a person, and what the person can do about it (G6).

import {
  type EffectVerdict,
  type OperationNumber,
  ROLLBACK,
  type TaskId,
} from '../events/event.js';
import type { ErrorChain } from '../failure/error-chain.js';
import type { EffectView } from './effects.js';
import type { TaskView } from './tasks.js';
import type { HeldView } from './held.js';

export type PersonsOption =
  /** Run the task again; what has a result is not done again. */
  | { readonly action: 'redrive'; readonly task: TaskId }
  /** Say what became of the effect in doubt. */
  | {
      readonly action: 'settle';
      readonly task: TaskId;
      readonly op: OperationNumber;
      readonly verdicts: readonly EffectVerdict[];
    }
  /** Give the operation that failed its result, and let the task go on. */
  | { readonly action: 'skip'; readonly task: TaskId; readonly op: OperationNumber }
  /** Send on what a person held. */
  | { readonly action: 'resume' }
  /** Undo what was committed, and end the workflow. */
  | { readonly action: 'rollback' }
  /** End the workflow, with or without undoing what was committed. */
  | { readonly action: 'cancel' };

export interface ParkedView {
  /** Where it began; null when it is the workflow as a whole. */
  readonly task: TaskId | null;
  readonly role: string | null;
  readonly reason: string;
  readonly error: ErrorChain;
  readonly sinceMs: number;
  readonly options: readonly PersonsOption[];
}

interface Workflow {
  readonly tasks: readonly TaskView[];
  readonly effects: readonly EffectView[];
  readonly held: HeldView | null;
  /** It is being cancelled or rolled back, or has completed: neither can be asked for. */
  readonly stopping: boolean;
  /** When it was found that a cancelled workflow has effects; null when it has none. */
  readonly cancelledWithEffectsAtMs: number | null;
}

const VERDICTS: readonly EffectVerdict[] = ['happened', 'did-not-happen', 'probe-again'];

const STOP: readonly PersonsOption[] = [{ action: 'rollback' }, { action: 'cancel' }];

export function parkedOf(workflow: Workflow): ParkedView[] {
  const { tasks, held, stopping, cancelledWithEffectsAtMs: sinceMs } = workflow;
  if (sinceMs !== null) {
    const reason = 'CancelledWithEffects';
    return [{ task: null, role: null, reason, error: [], sinceMs, options: [] }];
  }
  const stop = stopping ? [] : STOP;
  const waiting = tasks.flatMap((task) => {
    if (task.parked) return [parkedTask(workflow, task, task.parked, stop)];
    if (!task.failure || !isNobodys(task, stopping)) return [];
    return [uncaught(workflow, task, task.failure, stop)];
  });
  return held ? [heldWhole(held), ...waiting] : waiting;
}

/** Whether nobody waits for the outcome of the task who could catch its failure. */
function isNobodys({ returnTo }: TaskView, stopping: boolean): boolean {
  return returnTo === null ? !stopping : returnTo.task === ROLLBACK;
}

/** The view's `held` says who holds it, and why. */
function heldWhole({ reason, error, sinceMs }: HeldView): ParkedView {
  const options: PersonsOption[] = [{ action: 'resume' }, ...STOP];
  const isPerson = error.length === 0;
  return { task: null, role: null, reason: isPerson ? 'Held' : reason, error, sinceMs, options };
}

function parkedTask(
  { effects }: Workflow,
  { id, role }: TaskView,
  { reason, error, op, atMs }: NonNullable<TaskView['parked']>,
  stop: readonly PersonsOption[],
): ParkedView {
  const isInDoubt = effects.some(
    (effect) => effect.task === id && effect.op === op && effect.status === 'in-doubt',
  );
  const option: PersonsOption =
    isInDoubt && op !== null
      ? { action: 'settle', task: id, op, verdicts: VERDICTS }
      : { action: 'redrive', task: id };
  return { task: id, role, reason, error, sinceMs: atMs, options: [option, ...stop] };
}

function uncaught(
  { tasks }: Workflow,
  { returnTo }: TaskView,
  { error, origin: { task, role }, atMs }: NonNullable<TaskView['failure']>,
  stop: readonly PersonsOption[],
): ParkedView {
  const failedOp = tasks.find(({ id }) => id === task)?.failedOp ?? null;
  const skip: PersonsOption[] = failedOp === null ? [] : [{ action: 'skip', task, op: failedOp }];
  const options: PersonsOption[] = [{ action: 'redrive', task }, ...skip, ...stop];
  return { task, role, reason: reasonOf(returnTo), error, sinceMs: atMs, options };
}

function reasonOf(returnTo: TaskView['returnTo']): string {
  if (returnTo === null) return 'Uncaught';
  return returnTo.op === 0 ? 'AfterRollbackFailed' : 'CompensationFailed';
}
