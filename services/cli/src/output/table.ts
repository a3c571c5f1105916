import Table from 'cli-table3';
import type { Colour } from './colour.js';

/** One fact of each row. */
export interface Column<Row> {
  readonly name: string;
  readonly text: (row: Row) => string;
  /** At a terminal; default none. */
  readonly colour?: (row: Row) => Colour | undefined;
}

export interface Format {
  /** Columns that line up under their names; else a line a row, tabs between, no names. */
  readonly isTerminal: boolean;
  readonly paint: (colour: Colour | undefined, text: string) => string;
}

const BARE = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '' },
  middle: '  ',
};

/** Rows of things of one kind as text. */
export function tableText<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { isTerminal, paint }: Format,
): string {
  if (!isTerminal) return rows.map((row) => tabbed(row, columns)).join('');
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 };
  const head = columns.map(({ name }) => paint('dim', name));
  const table = new Table({ chars: BARE, style, head });
  for (const row of rows) {
    table.push(columns.map(({ text, colour }) => paint(colour?.(row), oneLine(text(row)))));
  }
  const lines = table.toString().split('\n');
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

const tabbed = <Row>(row: Row, columns: readonly Column<Row>[]): string =>
  `${columns.map(({ text }) => oneLine(text(row))).join('\t')}\n`;

/** A cell of a row is one line, whatever an error's message holds; control characters stay out of terminals. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\s]+/gu, ' ');
