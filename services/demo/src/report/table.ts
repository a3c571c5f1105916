import Table from 'cli-table3';
import ms from 'ms';
import type { Difference } from '../verification/bookings.js';
import type { Verification } from '../verification/verify.js';
import { median, worst } from './statistics.js';

/** What a run was like, beside what it left behind. */
export interface Course {
  readonly durationMs: number;
  readonly events: number;
  readonly faults: number;
  readonly kills: number;
  /** Of these kills: struck between the outside world's act and the receipt. */
  readonly killsInsideEffects: number;
  readonly interruptingKills: number;
  readonly recoveryTimesMs: readonly number[];
}

const WITHOUT_LINES = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** The short table at the end of a run. */
export function reportTable(verification: Verification, course: Course): string {
  const { verdicts, databases, bookings, mails } = verification;
  const table = new Table({ chars: WITHOUT_LINES, style: { border: [] } });
  table.push(
    ['jobs completed', share(verdicts, ({ isCompleted }) => isCompleted)],
    ['digests equal', share(databases, ({ isEqual }) => isEqual)],
    ['results equal', share(verdicts, ({ areResultsEqual }) => areResultsEqual)],
    ['bank entries', differenceText(bookings)],
    ['mails', differenceText(mails)],
    ['kills', killsText(course)],
    ['time to recover', recoveryText(course.recoveryTimesMs)],
    ['faults outside', String(course.faults)],
    ['events', eventsText(course)],
  );
  return table.toString();
}

function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): string {
  return `${items.filter(holds).length} of ${items.length}`;
}

function differenceText({ found, expected, lost, doubled }: Difference): string {
  return `${found} of ${expected}: lost ${lost}, doubled ${doubled}`;
}

function killsText({ kills, interruptingKills, killsInsideEffects }: Course): string {
  const inside = `${killsInsideEffects} between an act and its receipt`;
  return `${kills}: ${interruptingKills} interrupted held work, ${inside}`;
}

function recoveryText(timesMs: readonly number[]): string {
  const [middle, longest] = [median(timesMs), worst(timesMs)];
  if (middle === undefined || longest === undefined) return 'nothing to recover';
  return `median ${ms(Math.round(middle))}, worst ${ms(Math.round(longest))} (${timesMs.length} tasks)`;
}

function eventsText({ events, durationMs }: Course): string {
  const seconds = durationMs / 1_000;
  return `${events} in ${seconds.toFixed(1)} s (${Math.round(events / seconds)} a second)`;
}
