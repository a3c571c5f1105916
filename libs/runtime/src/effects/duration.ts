import ms, { type StringValue } from 'ms';

/** A time as a person writes it, `'30s'`, or in ms. */
export type Duration = StringValue | number;

export const durationMs = (duration: Duration): number =>
  typeof duration === 'number' ? duration : ms(duration);

/** The longest that a timer of Node can be, some 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** What of a limit of time cannot be, in words; empty when it can. */
export const limitViolations = (name: string, limitMs: number): string[] =>
  limitMs > 0 && limitMs <= LONGEST_MS
    ? []
    : [`${name} is ${limitMs} ms: a time such as '10s', over 0 and up to ${LONGEST_MS} ms`];
