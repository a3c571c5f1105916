import type { PlannedAction } from '@lockstep/retail/contracts';
import { isWriteTool } from '@lockstep/retail/shop';

/** An action and its position in the plan. */
export interface NumberedAction extends PlannedAction {
  readonly index: number;
}

/** Actions that may run at the same time. */
export type Phase = readonly NumberedAction[];

/**
 * Splits a plan into what follows one after the other: reads that stand side by side are one phase, and
 * every other action is a phase of its own.
 */
export function phasesOf(plan: readonly PlannedAction[]): Phase[] {
  const phases: NumberedAction[][] = [];
  plan.forEach((action, index) => {
    const last = phases.at(-1);
    const joins = last?.[0] && mayRunBeside(last[0]) && mayRunBeside(action);
    if (joins) last.push({ ...action, index });
    else phases.push([{ ...action, index }]);
  });
  return phases;
}

/** A write must see what came before it; whoever hands over to a person has done all else. */
function mayRunBeside({ name }: PlannedAction): boolean {
  return !isWriteTool(name) && name !== 'transfer_to_human_agents';
}
