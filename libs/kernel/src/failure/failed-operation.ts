import { EffectExhausted, EffectRejected, StepFailedForGood } from './failures.js';

/** The operation whose failure an error tells of, also as its cause; null when it tells of none. */
export function failedOperation(error: unknown): string | null {
  const seen = new Set<unknown>();
  for (let next = error; next instanceof Error && !seen.has(next); next = next.cause) {
    if (next instanceof StepFailedForGood) return `step ${next.step}`;
    if (next instanceof EffectRejected || next instanceof EffectExhausted)
      return `effect ${next.action}`;
    seen.add(next);
  }
  return null;
}
