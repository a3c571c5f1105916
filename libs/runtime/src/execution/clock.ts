import { setTimeout as sleep } from 'node:timers/promises';

/** Time and chance, as the runtime uses them; a test brings its own. */
export interface Clock {
  /** Never goes back; of this process alone. */
  monotonicMs(): number;
  /** The machine's; may jump. */
  wallMs(): number;
  /** In [0, 1). */
  random(): number;
  /** Resolves after `ms`; rejects when `signal` is aborted. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  random: () => Math.random(),
  delay: (ms, signal) => sleep(ms, undefined, { signal }),
};
