// What becomes of a part, whatever the order in which things happen and whatever fails around them.
//
//   F1. A part either surely succeeds or surely fails; which failure or which value it is, may be open.
//   F2. `done` has happened when the part has ended. `late` has happened when the task that the part belongs to has
//       returned, which waits for its calls. `maybe` may have happened, and may yet: a branch was left behind.
//   F3. What a failed task left behind may be anywhere: all that was late is maybe.

import type { Act, Value } from './program.js';

/** A value in which who won a race is left open. */
export type Pattern = string | readonly Pattern[] | { readonly oneOf: readonly Pattern[] };

/** What is done to the outside world and to the shared state. */
export interface Deeds {
  readonly acts: ReadonlyMap<string, Act>;
  /** Amounts that are added, by the part that does it. */
  readonly counts: ReadonlyMap<number, number>;
}

export interface Forecast {
  /** Null when it fails. */
  readonly value: Pattern | null;
  /** Failures in which it may end; none when it succeeds. */
  readonly failures: ReadonlySet<number>;
  readonly done: Deeds;
  readonly late: Deeds;
  readonly maybe: Deeds;
}

export const NO_DEEDS: Deeds = { acts: new Map(), counts: new Map() };

export const NOTHING = { done: NO_DEEDS, late: NO_DEEDS, maybe: NO_DEEDS } as const;

export const union = (...all: readonly Deeds[]): Deeds => ({
  acts: new Map(all.flatMap(({ acts }) => [...acts])),
  counts: new Map(all.flatMap(({ counts }) => [...counts])),
});

/** As it is, with all that happened before it or beside it. */
export const beside = (
  forecast: Forecast,
  others: readonly Pick<Forecast, 'done' | 'late' | 'maybe'>[],
): Forecast => ({
  ...forecast,
  done: union(forecast.done, ...others.map(({ done }) => done)),
  late: union(forecast.late, ...others.map(({ late }) => late)),
  maybe: union(forecast.maybe, ...others.map(({ maybe }) => maybe)),
});

/** Left behind: nobody waits for it, and nothing of it is sure. */
export const leftBehind = ({ done, late, maybe }: Forecast) => ({
  ...NOTHING,
  maybe: union(done, late, maybe),
});

/** Whether a value is one of those that a pattern stands for. */
export function fits(value: Value | undefined, pattern: Pattern): boolean {
  if (typeof pattern === 'string') return value === pattern;
  if ('oneOf' in pattern) return pattern.oneOf.some((each) => fits(value, each));
  return (
    Array.isArray(value) &&
    value.length === pattern.length &&
    pattern.every((each, at) => fits((value as readonly Value[])[at], each))
  );
}
