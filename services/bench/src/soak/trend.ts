// What a row of samples says, taken at even times.

import { linearRegression, linearRegressionLine, mean, median, sum } from 'simple-statistics';

export interface Point {
  /** Since the beginning, unit ms. */
  readonly atMs: number;
  readonly value: number;
}

const HOUR_MS = 3_600_000;
/** The part of all samples that stands for a moment: one alone may lie just before garbage is collected. */
const MOMENT = 0.1;

/**
 * The level at a part of the time, by the tenth of all samples before it.
 *
 * @param part - of the time, 0 to 1
 * @param pick - the figure that stands for them; default their median
 * @returns null when there is no sample
 */
export function levelAt(
  values: readonly number[],
  part: number,
  pick: (values: number[]) => number = median,
): number | null {
  if (values.length === 0) return null;
  const end = Math.max(1, Math.round(part * values.length));
  const begin = Math.min(end - 1, Math.round((part - MOMENT) * values.length));
  return pick(values.slice(Math.max(0, begin), end));
}

/** How a figure changes in an hour, and how far from that the truth may be: two standard errors. */
export interface Growth {
  readonly anHour: number;
  readonly giveOrTake: number;
}

/**
 * The slope of the second half by least squares, an hour, through the lowest sample of each tenth: what fills up at
 * first is full by then, garbage is gone where it is lowest, and a leak goes on.
 *
 * @returns null of fewer than three tenths
 */
export function growthPerHour(points: readonly Point[]): Growth | null {
  const lowest = tenthsOf(points).map((tenth) =>
    tenth.reduce((a, b) => (b.value < a.value ? b : a)),
  );
  const half = lowest.slice(Math.floor(lowest.length / 2));
  if (half.length < 3) return null;
  const pairs = half.map(({ atMs, value }): [number, number] => [atMs / HOUR_MS, value]);
  const line = linearRegression(pairs);
  return { anHour: line.m, giveOrTake: 2 * standardError(pairs, linearRegressionLine(line)) };
}

/** Of the slope of a line through points. */
function standardError(pairs: readonly [number, number][], line: (x: number) => number): number {
  const middle = mean(pairs.map(([x]) => x));
  const spread = sum(pairs.map(([x]) => (x - middle) ** 2));
  const missed = sum(pairs.map(([x, y]) => (y - line(x)) ** 2));
  return Math.sqrt(missed / (pairs.length - 2) / spread);
}

/** Those that have something in them. */
const tenthsOf = (points: readonly Point[]): (readonly Point[])[] =>
  Array.from({ length: 1 / MOMENT }, (_, at) =>
    points.slice(
      Math.round(at * MOMENT * points.length),
      Math.round((at + 1) * MOMENT * points.length),
    ),
  ).filter((tenth) => tenth.length > 0);
