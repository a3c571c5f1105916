import Table from 'cli-table3';
import { type Row, ratioOf, type Unit } from './row.js';

const WITHOUT_LINES = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
const NUMBERS = ['right', 'right', 'right', 'right'] as const;
const NONE = '–';

/** All rows of one durability; a row in which Lockstep is not ahead is marked. */
export function table(rows: readonly Row[]): string {
  const all = new Table({
    head: ['', '', 'Lockstep', 'BullMQ', 'times better', 'Redis bare', ''],
    colAligns: ['left', 'left', ...NUMBERS, 'left'],
    chars: WITHOUT_LINES,
    style: { border: [], head: [] },
  });
  for (const row of rows) all.push(cells(row));
  return all.toString();
}

function cells(row: Row): string[] {
  const { measurement, figure, unit, lockstep, bullmq, bare } = row;
  const ratio = ratioOf(row);
  return [
    measurement,
    figure,
    shown(lockstep, unit),
    shown(bullmq, unit),
    ratio?.toFixed(2) ?? NONE,
    shown(bare?.value ?? null, unit),
    ratio !== null && ratio < 1 ? '◀ behind' : '',
  ];
}

/** A row as progress tells it. */
export function line({ figure, unit, lockstep, bullmq }: Row): string {
  return `${figure}: ${shown(lockstep, unit)}, BullMQ ${shown(bullmq, unit)}`;
}

function shown(value: number | null, unit: Unit): string {
  if (value === null) return NONE;
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  const number = value.toLocaleString('en', { maximumFractionDigits: digits });
  return unit === 'per s' ? `${number}/s` : `${number} ${unit}`;
}
