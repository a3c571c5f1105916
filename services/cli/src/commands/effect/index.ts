import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { addList } from './list.js';
import { addSettle } from './settle.js';

export function addEffect(program: Command, shell: Shell): void {
  const effect = program
    .command('effect')
    .description('Effects on the outside world: what is in doubt waits for a person');
  for (const add of [addList, addSettle]) add(effect, shell);
}
