import Table from 'cli-table3';
import type { KindResult, Results, Violation } from './results.js';

const WITHOUT_LINES = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** What a run, or several, came to. */
export function reportText(results: Results): string {
  const { seeds, minutes, programs, ended, events, effects, askedAgain, violations } = results;
  return [
    kindsTable(results.kinds),
    `seeds ${seeds.join(', ')}: ${minutes.toFixed(1)} minutes, ${faultsOf(results)} faults`,
    `${programs} programs: ${ended.completed} completed, ${ended.failed} failed and ${ended.cancelled} cancelled as they must`,
    `${events} events, ${effects} effects in the world, ${askedAgain} in doubt until a person had them asked about again`,
    `violations: ${violations.length}`,
  ].join('\n');
}

function kindsTable(kinds: Results['kinds']): string {
  const table = new Table({
    head: ['fault', 'struck', 'at work', 'recovered', 'p50 ms', 'p99 ms', 'worst ms'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    chars: WITHOUT_LINES,
    style: { border: [], head: [] },
  });
  table.push(...Object.entries(kinds).map(([kind, result]) => [kind, ...cells(result)]));
  return table.toString();
}

const cells = ({ count, busy, recoveriesMs }: KindResult): (number | string)[] => [
  ...[count, busy, recoveriesMs.length],
  ...[percentile(recoveriesMs, 0.5), percentile(recoveriesMs, 0.99), percentile(recoveriesMs, 1)],
];

/** The value that so large a part of all does not exceed; empty of none. */
export function percentile(values: readonly number[], part: number): number | '' {
  const sorted = values.toSorted((a, b) => a - b);
  const at = Math.max(0, Math.ceil(sorted.length * part) - 1);
  return sorted[at] === undefined ? '' : Math.round(sorted[at]);
}

const faultsOf = ({ kinds }: Results): number =>
  Object.values(kinds).reduce((sum, { count }) => sum + count, 0);

/** What is wrong, with what happened. */
export const violationText = ({ of, faults, history }: Violation): string =>
  [
    `✗ ${of}`,
    ...faults.map((fault) => `    ${fault}`),
    ...history.map((line) => `      ${line}`),
  ].join('\n');
