import type { FaultKind } from '../faults/kinds.js';
import type { Struck } from '../faults/tally.js';

/** What came of a kind of fault. */
export interface KindResult extends Struck {
  /** Until what it struck went on; unit ms. */
  readonly recoveriesMs: readonly number[];
}

/** Something that must not be. */
export interface Violation {
  /** The program's name, or `store`. */
  readonly of: string;
  readonly faults: readonly string[];
  /** What became of it, event by event; empty for the store. */
  readonly history: readonly string[];
}

/** What a run came to; several can be added up. */
export interface Results {
  readonly seeds: readonly number[];
  readonly minutes: number;
  readonly programs: number;
  readonly ended: Readonly<Record<'completed' | 'failed' | 'cancelled', number>>;
  readonly events: number;
  /** Effects that were found in the outside world. */
  readonly effects: number;
  /** Doubts that outlasted the agents' own questions, so that a person had them asked about again. */
  readonly askedAgain: number;
  readonly kinds: Readonly<Partial<Record<FaultKind, KindResult>>>;
  readonly violations: readonly Violation[];
}

/** Several runs as one. */
export const added = (all: readonly Results[]): Results => ({
  seeds: all.flatMap(({ seeds }) => seeds),
  minutes: sum(all.map(({ minutes }) => minutes)),
  programs: sum(all.map(({ programs }) => programs)),
  ended: {
    completed: sum(all.map(({ ended }) => ended.completed)),
    failed: sum(all.map(({ ended }) => ended.failed)),
    cancelled: sum(all.map(({ ended }) => ended.cancelled)),
  },
  events: sum(all.map(({ events }) => events)),
  effects: sum(all.map(({ effects }) => effects)),
  askedAgain: sum(all.map(({ askedAgain }) => askedAgain)),
  kinds: addedKinds(all),
  violations: all.flatMap(({ violations }) => violations),
});

function addedKinds(all: readonly Results[]): Results['kinds'] {
  const kinds = new Set(all.flatMap((each) => Object.keys(each.kinds) as FaultKind[]));
  const of = (kind: FaultKind): KindResult => {
    const found = all.flatMap((each) => each.kinds[kind] ?? []);
    return {
      count: sum(found.map(({ count }) => count)),
      busy: sum(found.map(({ busy }) => busy)),
      recoveriesMs: found.flatMap(({ recoveriesMs }) => recoveriesMs),
    };
  };
  return Object.fromEntries([...kinds].map((kind) => [kind, of(kind)]));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
