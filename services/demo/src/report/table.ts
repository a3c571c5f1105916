import Table from 'cli-table3';
import ms from 'ms';
import type { Difference } from '../verification/bookings.js';
import type { JobVerdict } from '../verification/job-verdict.js';
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
    ['jobs completed', share(verdicts.filter(mustComplete), ({ isEnded }) => isEnded)],
    ...rollbackRows(verification),
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

const mustComplete = ({ must }: JobVerdict): boolean => must === 'complete';

/** None for a run in which all jobs complete. */
function rollbackRows({ verdicts, undone }: Verification): [string, string][] {
  const rolledBack = verdicts.filter(({ must }) => must === 'roll back');
  if (rolledBack.length === 0) return [];
  const what = `writes undone ${undone.writes}, bank entries ${undone.bookings}`;
  return [['jobs rolled back', `${share(rolledBack, ({ isEnded }) => isEnded)}: ${what}`]];
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
