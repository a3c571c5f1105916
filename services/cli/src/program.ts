import { readFileSync } from 'node:fs';
import tab from '@bomb.sh/tab/commander';
import { Command } from 'commander';
import { addBreaker } from './commands/breaker/index.js';
import { addDead } from './commands/dead/index.js';
import { addDoctor } from './commands/doctor.js';
import { addEffect } from './commands/effect/index.js';
import { addUnreadable } from './commands/unreadable/index.js';
import { addWorker } from './commands/worker/index.js';
import { addWorkflow } from './commands/workflow/index.js';
import type { Shell } from './shell/shell.js';

/** The whole command line. What does not fit is told on standard error and thrown as a CommanderError. */
export function buildProgram(shell: Shell): Command {
  const program = new Command('lockstep')
    .description('Operates Lockstep: looks at workflows, and settles what waits for a person.')
    .version(ownVersion())
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => shell.stderr.write(text),
      getOutHasColors: () => shell.stdout.hasColors?.() ?? false,
      getErrHasColors: () => shell.stderr.hasColors?.() ?? false,
    })
    .showHelpAfterError('(add --help for more)');
  for (const add of COMMANDS) add(program, shell);
  tab(program, { completionCommandName: 'completion' });
  return program;
}

const COMMANDS = [addWorkflow, addDead, addUnreadable, addEffect, addBreaker, addWorker, addDoctor];

function ownVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
