// What a rollback asks of agents beyond the reverse actions of their effects.

import type { RolledBack } from '@lockstep/contracts';
import type { TaskContext } from '@lockstep/runtime';
import type { Assignment, Receipt } from './contracts.js';
import type { Effects } from './outside.js';
import { toldReference, undoneReference } from './references.js';

/** Undoes what another role did. */
export async function undo({ name, key }: Receipt, context: TaskContext, { plain }: Effects) {
  const use = { key: undoneReference(name, key), input: { name, key: `undone-${key}` } };
  await context.effect(plain, use);
}

/** Tells somebody, once, that a program was rolled back. */
export async function tell({ request }: RolledBack, context: TaskContext, { plain }: Effects) {
  const { name } = request as unknown as Assignment;
  await context.effect(plain, { key: toldReference(name), input: { name, key: 'told' } });
}
