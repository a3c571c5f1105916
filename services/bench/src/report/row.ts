import { max, min } from 'simple-statistics';
import type { System } from '../subjects/subject.js';

export type Unit =
  'per s' | 'ms' | 'µs' | 'byte' | 'MB' | 'MB/h' | 'steps' | 'workflows' | 'keys' | '%';

/** One figure, of both systems and of Redis alone, from one run. */
export interface Row {
  /** As in `steps/256`. */
  readonly measurement: string;
  /** What is counted or timed, as in `steps`. */
  readonly figure: string;
  readonly unit: Unit;
  readonly better: 'more' | 'less';
  /** Null where Lockstep has nothing of the kind. */
  readonly lockstep: number | null;
  /** As `lockstep`, of BullMQ. */
  readonly bullmq: number | null;
  readonly bare: Bare | null;
  /** Each round's. */
  readonly rounds: Readonly<Partial<Record<System, readonly number[]>>>;
}

/** The least that the same Redis needs for it. */
export interface Bare {
  readonly value: number;
  /** What was measured, and how often one unit needs it. */
  readonly command: string;
  readonly writesAUnit: number;
}

/** How many times better Lockstep is than BullMQ; null where there is nothing to compare. */
export function ratioOf({ lockstep, bullmq, better }: Row): number | null {
  if (lockstep === null || bullmq === null) return null;
  return better === 'more' ? lockstep / bullmq : bullmq / lockstep;
}

type Facts = Pick<Row, 'measurement' | 'figure' | 'unit' | 'better'> & {
  readonly bare?: Bare | null;
};

/** @param pick - the figure that stands for all rounds; default the best, for noise only ever costs */
export function rowOf(
  facts: Facts,
  rounds: Readonly<Record<System, readonly number[]>>,
  pick: (figures: number[]) => number = facts.better === 'more' ? max : min,
): Row {
  const picked = (figures: readonly number[]): number | null =>
    figures.length === 0 ? null : pick([...figures]);
  return {
    ...facts,
    bare: facts.bare ?? null,
    lockstep: picked(rounds.lockstep),
    bullmq: picked(rounds.bullmq),
    rounds,
  };
}
