import { CliError, UsageError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { Shell } from './shell.js';

/**
 * Asks before something is done that cannot be taken back.
 *
 * @param yes - it was said on the command line
 * @throws CliError when the answer is no, UsageError when there is nobody to ask
 */
export async function confirm(question: string, yes: boolean, shell: Shell): Promise<void> {
  if (yes) return;
  if (shell.stdin.isTTY !== true || shell.stderr.isTTY !== true) {
    throw new UsageError(`${question} There is no terminal to ask at`, 'say --yes if it is meant');
  }
  if (!(await shell.ask(question))) throw new CliError(EXIT.failed, 'nothing was done');
}
