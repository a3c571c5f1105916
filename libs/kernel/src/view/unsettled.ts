// Which effects of a workflow are not settled: in doubt, or waiting for a person to say what became of them (G5).

import type { ErrorChain } from '../failure/error-chain.js';
import type { EffectView } from './effects.js';
import type { ParkedView, PersonsOption } from './parked.js';
import type { WorkflowView } from './workflow-view.js';

export type UnsettledStatus =
  /** It may or may not have happened, and that is being found out. */
  | 'in-doubt'
  /** Its task waits for a person. */
  | 'parked';

export interface UnsettledEffect {
  /** Its place among the view's effects, which it keeps. */
  readonly nth: number;
  readonly effect: EffectView;
  /** Of its task. */
  readonly role: string;
  readonly status: UnsettledStatus;
  /** When the doubt began; of an effect that is in none, when its task was parked. */
  readonly sinceMs: number;
  /** Of the last attempt; if none failed, why its task was parked. */
  readonly error: ErrorChain;
  readonly options: readonly PersonsOption[];
}

/** In the order in which they were first intended. A completed workflow may have some, of calls that it wanted no more. */
export function unsettledOf(view: WorkflowView): UnsettledEffect[] {
  if (view.status === 'cancelled' || view.status === 'failed') return [];
  return view.effects.flatMap((effect, nth) => unsettled(view, effect, nth) ?? []);
}

function unsettled(view: WorkflowView, effect: EffectView, nth: number): UnsettledEffect | null {
  const task = view.tasks.find(({ id }) => id === effect.task);
  const keepsItsTask = effect.status === 'retrying' && task?.parked?.op === effect.op;
  if (!task || (effect.doubtSinceMs === null && !keepsItsTask)) return null;
  const parked = parkedWith(view, effect);
  return {
    ...{ nth, effect, role: task.role },
    status: parked ? 'parked' : 'in-doubt',
    sinceMs: effect.doubtSinceMs ?? parked?.sinceMs ?? effect.atMs,
    error: effect.error ?? parked?.error ?? [],
    options: parked?.options ?? [],
  };
}

/** What keeps its task, or the whole workflow, waiting for a person. */
const parkedWith = ({ parked }: WorkflowView, { task }: EffectView): ParkedView | undefined =>
  parked.find((each) => each.task === task) ?? parked.find((each) => each.task === null);
