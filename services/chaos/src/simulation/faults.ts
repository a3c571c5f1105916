import { pick } from '@lockstep/testing';

/** What befalls the process whose message it strikes at, its connection, or the store. */
export type FaultKind =
  | 'kill'
  | 'freeze'
  | 'cut'
  | 'guess'
  | 'shutdown'
  | 'clock'
  | 'store-restart'
  | 'store-freeze'
  | 'store-clock';

export interface Fault {
  readonly kind: FaultKind;
  /** Messages that pass between the fault before and this one; those of idle loops do not count. */
  readonly afterMessages: number;
  /** How long it lasts, or how far a clock jumps; unit ms. */
  readonly ms: number;
}

/** As often as they stand here. */
const KINDS: readonly FaultKind[] = [
  ...(['kill', 'kill', 'kill', 'kill', 'freeze', 'freeze', 'freeze', 'cut', 'cut', 'cut'] as const),
  ...(['guess', 'guess', 'shutdown', 'clock'] as const),
  ...(['store-restart', 'store-freeze', 'store-clock'] as const),
];

const MOST_FAULTS = 8;
/** Faults come close together, or far apart. */
const GAPS = [4, 12, 40] as const;

/** The faults of a schedule, in their order; in some there are none. */
export function drawFaults(random: () => number): readonly Fault[] {
  const count = Math.floor(random() * (MOST_FAULTS + 1));
  const gap = pick(GAPS, random);
  return Array.from({ length: count }, () => {
    const kind = pick(KINDS, random);
    const afterMessages = 1 + Math.floor(random() * gap);
    return { kind, afterMessages, ms: drawMs(kind, random) };
  });
}

function drawMs(kind: FaultKind, random: () => number): number {
  const [least, most] = RANGES_MS[kind];
  return Math.round(least * (most / least) ** random());
}

/** Shorter and longer than leases, windows and attempts; all of an order of magnitude as often as of another. */
const RANGES_MS: Record<FaultKind, readonly [least: number, most: number]> = {
  kill: [20, 8000],
  freeze: [5, 15_000],
  cut: [5, 6000],
  guess: [1, 1],
  shutdown: [20, 4000],
  clock: [10, 3_600_000],
  'store-restart': [50, 8000],
  'store-freeze': [5, 8000],
  'store-clock': [10, 3_600_000],
};
