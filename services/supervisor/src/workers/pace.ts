// How often the connections of workers are looked at: as often as it is worth, and affordable.

export interface Pace {
  /** Shortest time between two looks. */
  readonly everyMs: number;
  /** Whether nobody holds a task. */
  readonly isIdle: () => boolean;
}

/** Between two looks while there is nothing to recover. */
const IDLE_MS = 100;
/** Of the server, for a character that it lists. Measured with 30 and with 1,000 connections: 3 ns. */
const LISTED_MS = 3e-6;
/** The part of its time that the server may spend on looks. */
const SHARE = 0.01;

/**
 * When to look again after a look, unit ms.
 *
 * @param listedChars - how much the server listed for it
 * @param isInDoubt - the next look decides about a worker: it waits for nothing else
 */
export function nextLookInMs(
  { everyMs, isIdle }: Pace,
  { listedChars, isInDoubt }: { readonly listedChars: number; readonly isInDoubt: boolean },
): number {
  if (isInDoubt) return everyMs;
  return Math.max(everyMs, (listedChars * LISTED_MS) / SHARE, isIdle() ? IDLE_MS : 0);
}
