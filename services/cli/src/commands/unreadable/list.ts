import type { Command } from 'commander';
import { withQuery } from '../../gateway/query.js';
import type { Output } from '../../output/output.js';
import { timeText } from '../../output/times.js';
import { paged, type PageOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { type Message, MESSAGES } from './message.js';

interface ListOptions extends PageOptions {
  readonly role?: string;
}

interface Messages {
  readonly messages: readonly Message[];
  readonly next: string | null;
}

export function addList(unreadable: Command, shell: Shell): void {
  const command = paged(
    unreadable.command('list').description('List unreadable messages, the newest first'),
  ).option('--role <role>', 'only those that came by the inbox of this role');
  asksGateway(command, shell, (session, { role, limit, cursor }: ListOptions) =>
    session.show(withQuery(MESSAGES, { role, limit, cursor }), messagesText),
  );
}

function messagesText({ messages, next }: Messages, out: Output): void {
  out.table(
    messages,
    [
      { name: 'MESSAGE', text: ({ id }) => id },
      { name: 'INBOX', text: ({ role, found }) => found.inbox ?? role },
      { name: 'BURIED', text: ({ atMs }) => timeText(atMs, out) },
      { name: 'FIELDS', text: ({ found }) => (found.fields ?? []).join(' ').slice(0, MOST_CHARS) },
    ],
    'no unreadable messages',
  );
  out.nextPage(next);
}

/** Of the fields, in a list. */
const MOST_CHARS = 60;
