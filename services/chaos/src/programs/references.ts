// What the outside world knows a program's deeds by.

import type { Act } from './program.js';

/** Of an effect, as the agents give its key. */
export const actReference = (name: string, key: string): string => `${name}/${key}`;

/** Of what another role does to undo it. */
export const undoneReference = (name: string, key: string): string => `${name}/undone-${key}`;

export const toldReference = (name: string): string => `${name}/told`;

/** Of what undoes an effect; undefined when nothing does. */
export function reverseReference(name: string, { key, reverse }: Act): string | undefined {
  if (reverse === 'none') return undefined;
  return reverse === 'task' ? undoneReference(name, key) : `undo:${actReference(name, key)}`;
}
