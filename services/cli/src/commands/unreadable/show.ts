import type { Command } from 'commander';
import type { Output } from '../../output/output.js';
import { timeText } from '../../output/times.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { type Message, messagePath } from './message.js';

export function addShow(unreadable: Command, shell: Shell): void {
  const command = unreadable
    .command('show')
    .argument('<message>', 'as list names it')
    .description('Show what was found in an unreadable message');
  asksGateway(command, shell, (session, id: string) => session.show(messagePath(id), messageText));
}

function messageText({ id, role, atMs, found }: Message, out: Output): void {
  out.facts([
    ['message', id],
    ['buried', timeText(atMs, out)],
    ['inbox', found.inbox ?? role],
    ['id there', found.message ?? null],
    ['fields', JSON.stringify(found.fields ?? [])],
    ['you can', `unreadable discard ${id}`],
  ]);
}
