import { DEFAULT_RETRY } from '@lockstep/kernel';
import { checkDefinition } from './check-definition.js';
import { durationMs } from './duration.js';
import type { EffectDefinition, EffectSpec, Reverse, ReverseSpec } from './spec.js';

/**
 * Declares an effect.
 *
 * @param action - what its keys are unique within: a letter, then up to 62 letters, digits, hyphens or underscores
 * @throws InvalidEffect when what is declared cannot be, or contradicts itself
 */
export function effect<Input, Receipt>(
  action: string,
  spec: EffectSpec<Input, Receipt>,
): EffectDefinition<Input, Receipt> {
  const definition = filledIn(action, spec);
  const { compensate } = spec;
  const undoing = isAction(compensate) ? filledIn(undoActionOf(action), compensate) : undefined;
  checkDefinition(definition, undoing);
  return definition;
}

/** Name of the action that undoes an effect, where that is an action of its own. */
export const undoActionOf = (action: string): string => `undo-${action}`;

const filledIn = <Input, Receipt>(
  action: string,
  spec: EffectSpec<Input, Receipt>,
): EffectDefinition<Input, Receipt> => ({
  action,
  spec,
  timeoutMs: durationMs(spec.timeout ?? '10s'),
  windowMs: durationMs(spec.window ?? '1s'),
  retry: { ...DEFAULT_RETRY, ...spec.retry },
});

const isAction = <Receipt>(
  reverse: Reverse<Receipt> | undefined,
): reverse is ReverseSpec<Receipt> => typeof reverse === 'object' && 'perform' in reverse;
