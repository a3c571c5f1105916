// The one order in which everything of a simulation happens.
//
//   T1. What happens first is first in virtual time; of two at the same time, what was planned first.
//   T2. The next thing happens when all that the one before has set off has come to rest: no microtask, tick or
//       immediate of it is left.

const { setImmediate: nextLoop } = globalThis;

type Happening = () => void | Promise<void>;

interface Planned {
  readonly atMs: number;
  readonly run: Happening;
  isCancelled: boolean;
}

export type Cancel = () => void;

export class Schedule {
  #nowMs = 0;
  /** The next one last. */
  readonly #planned: Planned[] = [];
  #immediates: (() => void)[] = [];

  /** Virtual time since the beginning, unit ms. */
  get nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, run: Happening): Cancel {
    const planned = { atMs: this.#nowMs + Math.max(0, ms), run, isCancelled: false };
    this.#planned.splice(this.#placeOf(planned.atMs), 0, planned);
    return () => {
      planned.isCancelled = true;
    };
  }

  /** In this very moment, when no microtask is left. */
  immediately(run: () => void): void {
    this.#immediates.push(run);
  }

  /**
   * Goes on until a condition holds, or until nothing happens any more before `limitMs`.
   *
   * @returns whether the condition holds
   */
  async run(isDone: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean> {
    while (!(await isDone())) {
      const next = this.#planned.pop();
      if (!next || next.atMs > limitMs) return false;
      if (next.isCancelled) continue;
      this.#nowMs = next.atMs;
      await next.run();
      await this.#rest();
    }
    return true;
  }

  /** T2 */
  async #rest(): Promise<void> {
    await loopTurn();
    while (this.#immediates.length > 0) {
      const due = this.#immediates;
      this.#immediates = [];
      for (const run of due) run();
      await loopTurn();
    }
  }

  /** Behind all that is later, and before what is earlier or was planned earlier for the same time (T1). */
  #placeOf(atMs: number): number {
    let [low, high] = [0, this.#planned.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#planned[middle]?.atMs ?? 0) > atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const loopTurn = (): Promise<void> =>
  new Promise((resolve) => {
    nextLoop(resolve);
  });
