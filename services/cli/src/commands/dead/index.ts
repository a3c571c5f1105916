import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { addDiscard } from './discard.js';
import { addList } from './list.js';
import { addRedrive } from './redrive.js';
import { addShow } from './show.js';

export function addDead(program: Command, shell: Shell): void {
  const dead = program
    .command('dead')
    .description('Dead letters: failed work that waits for a person');
  for (const add of [addList, addShow, addRedrive, addDiscard]) add(dead, shell);
}
