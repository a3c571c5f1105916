import { Command, InvalidArgumentError, Option } from 'commander';
import { MIXES, type MixName } from './faults/kinds.js';

export interface Options {
  /** For how long faults strike and programs are started. */
  readonly minutes: number;
  readonly seed: number;
  readonly mix: MixName;
  /** Programs under way at the same time. */
  readonly inFlight: number;
  /** File of the results. */
  readonly out: string;
  /** Files of earlier results, which are added up instead. */
  readonly summary?: readonly string[];
  /** Runs schedules on virtual time instead. */
  readonly simulate?: boolean;
  readonly schedules: number;
}

/** Reads the command line; what does not fit ends the process with a sentence about it. */
export function parseOptions(argv: readonly string[]): Options {
  const mixes = Object.keys(MIXES);
  return new Command('npm run chaos --')
    .description('Runs generated programs under faults, and judges each by an oracle.')
    .option('--minutes <n>', 'how long faults strike', aboveZero, 3)
    .option('--seed <n>', 'decides programs and faults', wholeNumber, 1)
    .addOption(new Option('--mix <name>', 'which faults strike').choices(mixes).default('all'))
    .option('--in-flight <n>', 'programs under way at the same time', wholeNumber, 40)
    .option('--out <file>', 'where the results go, as JSON', 'chaos-results.json')
    .option('--summary <files...>', 'only add up the results of earlier runs')
    .option('--simulate', 'run schedules on virtual time instead, without processes')
    .option('--schedules <n>', 'of them: how many, each with the next seed', wholeNumber, 3000)
    .parse([...argv])
    .opts<Options>();
}

function aboveZero(text: string): number {
  const number = Number(text);
  if (number > 0 && number < Infinity) return number;
  throw new InvalidArgumentError('It must be a number above 0.');
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('It must be a whole number from 1 on.');
}
