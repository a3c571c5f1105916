import type { FaultKind } from './kinds.js';

/** How often a kind of fault has struck. */
export interface Struck {
  readonly count: number;
  /** Of these: tasks were held by the victim or, where it holds none by its nature, programs were in flight. */
  readonly busy: number;
}

/** Counts faults by kind. */
export class Tally {
  readonly #struck = new Map<FaultKind, Struck>();

  add(kind: FaultKind, isBusy: boolean, times = 1): void {
    const { count, busy } = this.of(kind);
    this.#struck.set(kind, { count: count + times, busy: busy + (isBusy ? times : 0) });
  }

  of(kind: FaultKind): Struck {
    return this.#struck.get(kind) ?? { count: 0, busy: 0 };
  }

  get total(): number {
    return [...this.#struck.values()].reduce((sum, { count }) => sum + count, 0);
  }

  get all(): ReadonlyMap<FaultKind, Struck> {
    return this.#struck;
  }
}
