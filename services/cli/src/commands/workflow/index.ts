import type { Command } from 'commander';
import type { Shell } from '../../shell/shell.js';
import { addCancel, addRollback } from './end.js';
import { addEvents } from './events.js';
import { addPark, addResume } from './hold.js';
import { addList } from './list.js';
import { addShow } from './show.js';
import { addSignal } from './signal.js';
import { addSkip } from './skip.js';
import { addStart } from './start.js';
import { addTail } from './tail.js';

export function addWorkflow(program: Command, shell: Shell): void {
  const workflow = program
    .command('workflow')
    .description('Look at workflows, and decide about them');
  for (const add of [...READS, ...DECISIONS]) add(workflow, shell);
}

const READS = [addList, addShow, addEvents, addTail];
const DECISIONS = [addStart, addSignal, addCancel, addRollback, addPark, addResume, addSkip];
