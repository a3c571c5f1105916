import { randomFrom } from '@lockstep/testing';
import { type Mix, PLANNED_KINDS, type PlannedKind } from './kinds.js';

export interface PlannedFault {
  readonly kind: PlannedKind;
  /** From the beginning of the run. */
  readonly atMs: number;
  /** Draws its victim, and how long it lasts. */
  readonly seed: number;
}

const MINUTE_MS = 60_000;

/** When what strikes, in order: each kind at random times, on average as often as the mix says. */
export function planFaults({ perMinute }: Mix, durationMs: number, seed: number): PlannedFault[] {
  const planned = PLANNED_KINDS.flatMap((kind, at) => {
    const random = randomFrom(seed * PLANNED_KINDS.length + at);
    return timesOf((perMinute[kind] ?? 0) / MINUTE_MS, durationMs, random).map((atMs) => ({
      ...{ kind, atMs },
      seed: Math.floor(random() * 2 ** 32),
    }));
  });
  return planned.sort((a, b) => a.atMs - b.atMs);
}

/** Times between them are exponential: nothing is in step with anything. */
function timesOf(perMs: number, durationMs: number, random: () => number): number[] {
  const times: number[] = [];
  if (perMs === 0) return times;
  const pauseMs = (): number => -Math.log(1 - random()) / perMs;
  for (let atMs = pauseMs(); atMs < durationMs; atMs += pauseMs()) times.push(atMs);
  return times;
}
