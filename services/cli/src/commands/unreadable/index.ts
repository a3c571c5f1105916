import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { addDiscard } from './discard.js';
import { addList } from './list.js';
import { addShow } from './show.js';

export function addUnreadable(program: Command, shell: Shell): void {
  const unreadable = program
    .command('unreadable')
    .description('Messages that nobody could read; they need an operator’s key');
  for (const add of [addList, addShow, addDiscard]) add(unreadable, shell);
}
