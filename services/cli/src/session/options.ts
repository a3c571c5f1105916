// Options that several commands have.

import { type Command, Option } from 'commander';
import { version, wholeNumber } from './whole-number.js';

/** Where the demonstration's gateway listens. */
export const LOCAL_URL = 'http://127.0.0.1:7400';

/** What every command that asks the gateway can be told. */
export interface ConnectionOptions {
  readonly url: string;
  readonly apiKey?: string;
  readonly apiKeyFile?: string;
  readonly json?: boolean;
}

const GROUP = 'Connection:';

export const withConnection = (command: Command): Command =>
  command
    .addOption(
      new Option('--url <url>', 'the gateway')
        .env('LOCKSTEP_URL')
        .default(LOCAL_URL)
        .helpGroup(GROUP),
    )
    .addOption(
      new Option('--api-key <key>', 'others on this machine can see it; better set the variable')
        .env('LOCKSTEP_API_KEY')
        .helpGroup(GROUP),
    )
    .addOption(
      new Option('--api-key-file <file>', 'a file that holds the key alone; goes before --api-key')
        .env('LOCKSTEP_API_KEY_FILE')
        .helpGroup(GROUP),
    );

export const withJson = (command: Command): Command =>
  command.option('--json', 'answer in JSON, errors too');

/** What every command that changes something can be told. */
export interface ChangeOptions {
  readonly commandId?: string;
  readonly ifVersion?: number;
  readonly yes?: boolean;
}

/** A command that changes something. */
export const changing = (command: Command): Command =>
  command.option(
    '--command-id <id>',
    'names this command: a repeat under it changes nothing (default: a new one, told with the answer)',
  );

/** A command that changes what one workflow does. */
export const deciding = (command: Command): Command =>
  changing(command).option(
    '--if-version <n>',
    'only if the workflow is still at the version that you saw',
    version,
  );

/** A command that cannot be taken back. */
export const asking = (command: Command): Command =>
  command.option('-y, --yes', 'do it without asking');

/** A person's action: it is recorded with its reason. */
export interface ReasonOptions {
  readonly reason: string;
}

export const reasoned = (command: Command): Command =>
  command.requiredOption('--reason <text>', 'why; recorded with your key’s name');

/** Which page of a list. */
export interface PageOptions {
  readonly limit: number;
  readonly cursor?: string;
}

export const paged = (command: Command): Command =>
  command
    .option('--limit <n>', 'how many, at most', wholeNumber(1, 200), 50)
    .option('--cursor <place>', 'the next page, as the page before named it');
