import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { addDrain } from './drain.js';
import { addList } from './list.js';

export function addWorker(program: Command, shell: Shell): void {
  const worker = program.command('worker').description('Processes of roles that are alive');
  for (const add of [addList, addDrain]) add(worker, shell);
}
