import { styleText } from 'node:util';
import type { Shell, Sink } from '../shell/shell.js';
import type { Colour } from './colour.js';
import { type Column, oneLine, tableText } from './table.js';

/** A fact of one thing: what it is called, its value, and how that is shown at a terminal. */
export type Fact = readonly [name: string, value: string | null, colour?: Colour | undefined];

/** Writes what a command found: for people at a terminal, for programs in a pipe or with `--json`. */
export class Output {
  private readonly out: Sink;
  private readonly hasColours: boolean;

  constructor(
    private readonly shell: Pick<Shell, 'stdout' | 'stderr'>,
    /** Whether JSON was asked for. */
    readonly json: boolean,
  ) {
    this.out = shell.stdout;
    this.hasColours = this.isTerminal && (this.out.hasColors?.() ?? false);
  }

  get isTerminal(): boolean {
    return this.out.isTTY === true;
  }

  line(text: string): void {
    this.out.write(`${text}\n`);
  }

  /** JSON text as it came, on one line of its own. */
  jsonText(text: string): void {
    this.line(text.trimEnd());
  }

  /** Rows of things of one kind; `none` is told at a terminal when there are none. */
  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], none: string): void {
    if (rows.length > 0) this.out.write(tableText(rows, columns, this.format));
    else if (this.isTerminal) this.line(none);
  }

  /** What is known of one thing; a fact that is null is left out. */
  facts(facts: readonly Fact[]): void {
    const width = Math.max(...facts.map(([name]) => name.length));
    for (const [name, value, colour] of facts) {
      if (value === null) continue;
      const shown = oneLine(value);
      if (!this.isTerminal) this.line(`${name}\t${shown}`);
      else this.line(`${this.dim(name.padEnd(width))}  ${this.paint(colour, shown)}`);
    }
  }

  /** A heading at a terminal; programs need none. */
  heading(text: string): void {
    if (this.isTerminal) this.line(`\n${this.paint('bold', text)}`);
  }

  /** Told to a person beside the output, never in it. */
  note(text: string): void {
    if (!this.json) this.shell.stderr.write(`${text}\n`);
  }

  /** How to go on, when there is more. */
  nextPage(cursor: string | null): void {
    if (cursor !== null) this.note(`there are more: --cursor ${cursor}`);
  }

  paint(colour: Colour | undefined, text: string): string {
    return this.hasColours && colour !== undefined
      ? styleText(colour, text, { validateStream: false })
      : text;
  }

  dim(text: string): string {
    return this.paint('dim', text);
  }

  private get format() {
    const { isTerminal } = this;
    const paint = (colour: Colour | undefined, text: string): string => this.paint(colour, text);
    return { isTerminal, paint };
  }
}
