import type { Command } from 'commander';
import type { PersonsOption } from '@lockstep/kernel';
import { errorText } from '../../output/error-text.js';
import { type EventJson, eventLine } from '../../output/event-line.js';
import type { Output } from '../../output/output.js';
import { timeText } from '../../output/times.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { optionsText } from '../workflow/persons-options.js';
import { type Letter, letterPath } from './letter.js';

interface ShownLetter extends Letter {
  readonly options: readonly PersonsOption[];
  /** The last before it was written. */
  readonly events: readonly EventJson[];
}

export function addShow(dead: Command, shell: Shell): void {
  const command = dead
    .command('show')
    .argument('<letter>', 'as list names it')
    .description(
      'Show a dead letter: the error, what was asked, the events before, what you can do',
    );
  asksGateway(command, shell, (session, id: string) => session.show(letterPath(id), letterText));
}

function letterText(letter: ShownLetter, out: Output): void {
  const { id, role, workflow, task, type, atMs, group, meta, request, options, events } = letter;
  out.facts([
    ['letter', id],
    ['since', timeText(atMs, out)],
    ['workflow', `${workflow} (${type})`],
    ['task', `${task} of ${role}: ${meta.name}${meta.operation ? `, ${meta.operation}` : ''}`],
    ['reason', meta.reason, 'yellow'],
    ['attempts', String(meta.attempts)],
    ['cause', group],
    ['error', errorText(meta.error)],
    ['asked', JSON.stringify(request)],
    ['you can', options.length === 0 ? null : optionsText(workflow, options)],
  ]);
  if (events.length > 0) out.heading('Before it');
  for (const event of events) out.line(eventLine(event, out));
}
