import { Command, InvalidArgumentError, Option } from 'commander';
import { CHAOS_LEVELS, type ChaosLevel } from './chaos/plan.js';
import { SEQUENCES, type SequenceName } from './data/sequence.js';
import { SAMPLE } from './project.js';

export interface Options {
  /** Ends after the table instead of staying up. */
  readonly exit: boolean;
  /** Folder of the initial database, the jobs and their expectations. */
  readonly data: string;
  /** Which jobs share one database, and how; default none, each job has its own. */
  readonly sequence?: SequenceName;
  /** How many jobs, from the first on; default all. */
  readonly jobs?: number;
  /** How many jobs, all that there are of customers drawn by the seed; default all. */
  readonly sample?: number;
  /** Whether every job is to be undone once a write of it is refused. */
  readonly allOrNothing: boolean;
  readonly chaos: ChaosLevel;
  readonly seed: number;
  /** URL of a Redis that runs already; default: one of the run's own. */
  readonly redis?: string;
}

/** Reads the command line; what does not fit ends the process with a sentence about it. */
export function parseOptions(argv: readonly string[]): Options {
  const command = new Command('npm start --')
    .description('Runs the sample team through its jobs while its processes are killed.')
    .addOption(new Option('--exit', 'end after the table').default(false))
    .option('--data <dir>', 'users, orders, products, tasks and expected results', SAMPLE)
    .addOption(new Option('--sequence <name>', 'jobs on one common database').choices(SEQUENCES))
    .option('--jobs <n>', 'only the first n jobs', wholeNumber)
    .addOption(
      new Option('--sample <n>', 'only n jobs, of customers drawn by the seed')
        .argParser(wholeNumber)
        .conflicts('jobs'),
    )
    .addOption(
      new Option('--all-or-nothing', 'undo a job once a write of it is refused')
        .default(false)
        .conflicts('sequence'),
    )
    .addOption(
      new Option('--chaos <level>', 'kills and faults').choices(CHAOS_LEVELS).default('light'),
    )
    .option(
      '--seed <n>',
      'decides what is killed, which calls fail and what is drawn',
      wholeNumber,
      1,
    )
    .addOption(new Option('--redis <url>', 'a Redis that runs already').env('LOCKSTEP_REDIS_URL'))
    .parse([...argv]);
  return command.opts<Options>();
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new InvalidArgumentError('It must be a whole number from 1 on.');
  }
  return number;
}
