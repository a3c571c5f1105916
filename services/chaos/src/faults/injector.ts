import { setTimeout as wait } from 'node:timers/promises';
import { randomFrom } from '@lockstep/testing';
import type { PlannedKind } from './kinds.js';
import type { PlannedFault } from './plan.js';
import type { Strike, Striker } from './strike.js';

/** A fault that was injected, and when. */
export interface Injected extends Strike {
  readonly kind: PlannedKind;
  /** The wall clock; unit ms. */
  readonly atMs: number;
}

/** Injects faults as planned. */
export class Injector {
  readonly #open = new Set<Promise<unknown>>();

  /** @param onInjected - called as soon as a fault has struck */
  constructor(
    private readonly strikers: Readonly<Record<PlannedKind, Striker>>,
    private readonly onInjected: (injected: Injected) => void,
  ) {}

  /**
   * Injects each in its time, whatever else is going on, until it is aborted; resolves when all are over.
   *
   * @throws Error when one could not be injected, or not be ended
   */
  async run(plan: readonly PlannedFault[], signal: AbortSignal): Promise<void> {
    const startedMs = performance.now();
    for (const planned of plan) {
      const dueMs = planned.atMs - (performance.now() - startedMs);
      await wait(Math.max(0, dueMs), undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      this.#keep(this.#inject(planned));
    }
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  async #inject({ kind, seed }: PlannedFault): Promise<void> {
    const atMs = Date.now();
    const strike = await this.strikers[kind](randomFrom(seed));
    if (!strike) return;
    this.onInjected({ kind, atMs, ...strike });
    await strike.over;
  }

  #keep(injected: Promise<void>): void {
    this.#open.add(injected);
    const done = (): void => void this.#open.delete(injected);
    injected.then(done, () => undefined); // who waits for all is told
  }
}
