import ms from 'ms';
import type { Output } from './output.js';

/** A point in time: at a terminal how long ago, in a pipe as ISO 8601. */
export function timeText(atMs: number, { isTerminal }: Pick<Output, 'isTerminal'>): string {
  if (!isTerminal) return new Date(atMs).toISOString();
  return `${ms(Math.max(0, Date.now() - atMs))} ago`;
}

/** A time of day with milliseconds, local at a terminal; in a pipe as ISO 8601. */
export function clockText(atMs: number, { isTerminal }: Pick<Output, 'isTerminal'>): string {
  if (!isTerminal) return new Date(atMs).toISOString();
  const at = new Date(atMs);
  const [hours, minutes, seconds] = [at.getHours(), at.getMinutes(), at.getSeconds()].map(
    twoDigits,
  );
  return `${hours}:${minutes}:${seconds}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');
