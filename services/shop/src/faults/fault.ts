/** What can go wrong with a call that acts or reads. */
export const CALL_FAULTS = ['late', 'unavailable', 'cut', 'hang-before', 'hang-after'] as const;

/** What can go wrong with a look-up by reference. */
export const LOOKUP_FAULTS = ['lookup-down'] as const;

/**
 * - `late`: acts at once, answers after a while
 * - `unavailable`: 503, before acting
 * - `cut`: acts, then cuts the connection
 * - `hang-before`: never acts and never answers
 * - `hang-after`: acts and never answers
 * - `lookup-down`: look-ups of that reference answer 503 for a while
 */
export const FAULT_KINDS = [...CALL_FAULTS, ...LOOKUP_FAULTS] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export const LOOKUP_TARGETS = ['shop-lookup', 'bank-lookup', 'mail-lookup'] as const;

/** A call to the outside world, as faults are aimed at it. */
export interface OutsideCall {
  /** The tool, the undo, `bank`, `mail`, or one of the look-ups. */
  target: string;
  database?: string;
  reference?: string;
}

/** How long a fault lasts where nothing is said, in milliseconds. */
export const DEFAULT_DURATION_MS = 1_500;

export interface Fault {
  kind: FaultKind;
  /** How long `late` takes and `lookup-down` lasts, in milliseconds. */
  durationMs: number;
}

export function faultsOf({ target }: OutsideCall): readonly FaultKind[] {
  return isLookup(target) ? LOOKUP_FAULTS : CALL_FAULTS;
}

export function isLookup(target: string): boolean {
  return (LOOKUP_TARGETS as readonly string[]).includes(target);
}
