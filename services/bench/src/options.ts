import { Command, InvalidArgumentError, Option } from 'commander';
import type { Fsync } from './lab.js';

export interface Options {
  /** Short rounds. */
  readonly quick: boolean;
  /** Part of the names of the measurements to run; default all. */
  readonly only?: string;
  readonly fsync?: Fsync;
  /** How long the soak lasts; default 30. */
  readonly minutes: number;
  /** File of the results. */
  readonly out: string;
}

/** Reads the command line; what does not fit ends the process with a sentence about it. */
export function parseOptions(argv: readonly string[]): Options {
  return new Command('npm run bench --')
    .description('Measures Lockstep beside BullMQ and beside what the same Redis does bare.')
    .option('--quick', 'short rounds: minutes in all', false)
    .option('--only <text>', 'only measurements with this in their names, as in steps/256')
    .addOption(
      new Option('--fsync <when>', 'one durability; default both').choices(['everysec', 'always']),
    )
    .option('--minutes <number>', 'how long the soak lasts', minutes, 30)
    .option('--out <file>', 'where the results go, as JSON', 'bench-results.json')
    .parse([...argv])
    .opts<Options>();
}

function minutes(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0)
    throw new InvalidArgumentError('it has to be a number above 0.');
  return number;
}
