import type { Cause } from '@lockstep/kernel';
import type { DeadLetter } from './letter.js';

/** Dead letters of one cause. */
export interface DeadLetterGroup extends Cause {
  readonly group: string;
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** The causes of these letters, the most frequent first. */
export function groupsOf(letters: readonly DeadLetter[]): DeadLetterGroup[] {
  const groups = new Map<string, DeadLetterGroup>();
  for (const letter of letters) groups.set(letter.group, counted(groups.get(letter.group), letter));
  return [...groups.values()].sort((a, b) => b.count - a.count || b.lastAtMs - a.lastAtMs);
}

function counted(before: DeadLetterGroup | undefined, letter: DeadLetter): DeadLetterGroup {
  const { group, cause, atMs } = letter;
  if (!before) return { group, ...cause, count: 1, firstAtMs: atMs, lastAtMs: atMs };
  const { count, firstAtMs, lastAtMs } = before;
  return {
    ...before,
    count: count + 1,
    firstAtMs: Math.min(firstAtMs, atMs),
    lastAtMs: Math.max(lastAtMs, atMs),
  };
}
