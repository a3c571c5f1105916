// What of a workflow waits for a person, and what the person can do about it (G6).

import type { EffectVerdict, OperationNumber, TaskId } from '../events/event.js';
import type { ErrorChain } from '../failure/error-chain.js';
import type { EffectView } from './effects.js';
import type { TaskView } from './tasks.js';

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
  readonly cancelling: boolean;
  /** When it was found that a cancelled workflow has effects; null when it has none. */
  readonly cancelledWithEffectsAtMs: number | null;
}

const VERDICTS: readonly EffectVerdict[] = ['happened', 'did-not-happen', 'probe-again'];

export function parkedOf(workflow: Workflow): ParkedView[] {
  const { tasks, cancelling, cancelledWithEffectsAtMs: sinceMs } = workflow;
  if (sinceMs !== null) {
    const reason = 'CancelledWithEffects';
    return [{ task: null, role: null, reason, error: [], sinceMs, options: [] }];
  }
  const cancel: PersonsOption[] = cancelling ? [] : [{ action: 'cancel' }];
  return tasks.flatMap((task) => {
    if (task.parked) return [parkedTask(workflow, task, task.parked, cancel)];
    const isUncaught = task.failure && task.returnTo === null && !cancelling;
    return isUncaught ? [uncaught(task.failure, cancel)] : [];
  });
}

function parkedTask(
  { effects }: Workflow,
  { id, role }: TaskView,
  { reason, error, op, atMs }: NonNullable<TaskView['parked']>,
  cancel: readonly PersonsOption[],
): ParkedView {
  const isInDoubt = effects.some(
    (effect) => effect.task === id && effect.op === op && effect.status === 'in-doubt',
  );
  const option: PersonsOption =
    isInDoubt && op !== null
      ? { action: 'settle', task: id, op, verdicts: VERDICTS }
      : { action: 'redrive', task: id };
  return { task: id, role, reason, error, sinceMs: atMs, options: [option, ...cancel] };
}

function uncaught(
  { error, origin: { task, role }, atMs }: NonNullable<TaskView['failure']>,
  cancel: readonly PersonsOption[],
): ParkedView {
  const options: PersonsOption[] = [{ action: 'redrive', task }, ...cancel];
  return { task, role, reason: 'Uncaught', error, sinceMs: atMs, options };
}
