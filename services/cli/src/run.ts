import type { ExitCode } from './exit/exit-codes.js';
import { EXIT } from './exit/exit-codes.js';
import { tell } from './exit/tell.js';
import { buildProgram } from './program.js';
import type { Shell } from './shell/shell.js';

/**
 * Runs one command line.
 *
 * @param args - behind the program's name
 * @returns the status to end with
 */
export async function run(args: readonly string[], shell: Shell): Promise<ExitCode> {
  try {
    await buildProgram(shell).parseAsync([...args], { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    return tell(error, shell, args.includes('--json'));
  }
}
