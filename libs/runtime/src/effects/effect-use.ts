import {
  type EffectIntent,
  intentInDoubt,
  Journal,
  type OperationNumber,
  type RecordedEvent,
  type TaskId,
} from '@lockstep/kernel';
import type { TaskExecution } from '../execution/task-execution.js';
import type { EffectDefinition } from './spec.js';

/** Which effect it is, and which operation asks for it. */
export interface EffectSlot {
  readonly execution: TaskExecution;
  readonly definition: { readonly action: string };
  readonly op: OperationNumber;
  readonly key: string;
  /** SHA-256 of the input's JSON text. */
  readonly inputDigest: string;
}

/** One use of an effect by a task. */
export interface EffectUse<Input, Receipt> extends EffectSlot {
  readonly definition: EffectDefinition<Input, Receipt>;
  readonly input: Input;
  /** JSON text of the input. */
  readonly body: string;
}

/** What a new owner waits longer than the times that bound an attempt, unit ms. */
const MARGIN_MS = 250;

/** How long after its intent an attempt may still act, for whoever cannot ask its worker (E5); unit ms. */
export const boundOf = ({ windowMs, timeoutMs }: EffectIntent): number =>
  windowMs + timeoutMs + MARGIN_MS;

/** As {@link boundOf}, of all attempts of a task that its history leaves in doubt; 0 when there is none. */
export function boundOfAll(task: TaskId, history: readonly RecordedEvent[]): number {
  const journal = new Journal(task, history);
  const operations = Array.from({ length: journal.lastOperation() }, (_, at) => at + 1);
  const inDoubt = operations.map((op) => intentInDoubt(journal.recorded(op)));
  return Math.max(0, ...inDoubt.map((intent) => (intent ? boundOf(intent) : 0)));
}
