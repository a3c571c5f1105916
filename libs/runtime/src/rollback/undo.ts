// Undoing one effect: the work of a task that a rollback has scheduled, at the role that performed the effect.
//
//   U1. From before anything is undone, nobody can adopt the receipt any more; whoever asks for its key waits.
//   U2. The reverse is an effect of its own, with a key of its own: all that holds for effects holds for it.
//   U3. The key opens its next occurrence when the reverse is recorded, and only then is the rollback told.

import type { TaskContract } from '@lockstep/contracts';
import type { EventMeta, Version } from '@lockstep/kernel';
import type { HandlerContext } from '../context/handler-context.js';
import { effect, undoActionOf } from '../effects/definition.js';
import type { AnyEffect, EffectDefinition, Reverse, ReverseSpec } from '../effects/spec.js';
import { undoKey } from '../effects/effect-key.js';
import { CannotUndo } from './cannot-undo.js';
import type { Committed } from './committed.js';

/** Undoes what was committed at a version of the workflow's log. */
export async function undo(
  effects: ReadonlyMap<string, AnyEffect>,
  version: Version,
  context: HandlerContext,
): Promise<void> {
  const committed = await context.committedAt(version);
  const reverse = effects.get(committed.meta.action)?.spec.compensate;
  if (reverse === 'not-needed') return;
  await context.step('close the key', () => context.markUndone(committed, 'compensating')); // U1
  if (reverse === undefined) await byHand(effects, committed, context);
  else await reversed(reverse, committed, context); // U2
  await context.compensated(committed); // U3
}

async function reversed(
  reverse: Exclude<Reverse<unknown>, 'not-needed'>,
  { meta, data }: Committed,
  context: HandlerContext,
): Promise<void> {
  const receipt: unknown = JSON.parse(data);
  if (isTask(reverse)) await context.call(reverse, receipt);
  else
    await context.effect(reverseEffect(meta, reverse), {
      ...{ key: undoKey(meta.key, meta.occurrence), input: receipt },
    });
}

/** Fails as a step of its own, so that a person who has undone it can skip that. */
function byHand(
  effects: ReadonlyMap<string, AnyEffect>,
  { meta: { action, key } }: Committed,
  context: HandlerContext,
): Promise<void> {
  const why = effects.has(action)
    ? 'it does not say how it is undone'
    : 'no agent of its role lists it among its effects';
  return context.step('undone by hand', () => {
    throw new CannotUndo(action, key, why);
  });
}

const isTask = (
  reverse: ReverseSpec<unknown> | TaskContract<unknown, unknown>,
): reverse is TaskContract<unknown, unknown> => 'inbox' in reverse;

const reverseEffect = (
  { action }: EventMeta['EffectCommitted'],
  reverse: ReverseSpec<unknown>,
): EffectDefinition<unknown, unknown> => effect(undoActionOf(action), reverse);
