// What a person or a program is told of an error, and the status that it ends with.

import { CommanderError } from 'commander';
import type { Shell } from '../shell/shell.js';
import { CliError } from './cli-error.js';
import { Ended } from './ended.js';
import { EXIT, type ExitCode } from './exit-codes.js';

/**
 * Tells an error on standard error.
 *
 * @param json - as one line of JSON
 * @returns the status to end with
 */
export function tell(error: unknown, { stderr, signal }: Shell, json: boolean): ExitCode {
  if (signal.aborted) return EXIT.interrupted;
  if (error instanceof Ended) return error.exitCode;
  if (error instanceof CommanderError) return exitOf(error);
  if (!(error instanceof CliError)) {
    stderr.write(`lockstep: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
    return EXIT.failed;
  }
  const { message, wayOut } = error;
  if (json) stderr.write(`${JSON.stringify(error)}\n`);
  else stderr.write([`error: ${message}`, ...(wayOut ? [`  ${wayOut}`] : []), ''].join('\n'));
  return error.exitCode;
}

/** Commander has told it already. Asking for help is no error; not saying what to do is. */
const exitOf = ({ exitCode }: CommanderError): ExitCode => (exitCode === 0 ? EXIT.ok : EXIT.usage);
