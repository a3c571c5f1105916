import type { Command } from 'commander';
import { asksGateway } from '../../session/session.js';
import { version } from '../../session/whole-number.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from './path.js';
import { viewText } from './view-text.js';

export function addShow(workflow: Command, shell: Shell): void {
  const command = workflow
    .command('show <id>')
    .description('Show a workflow: its tasks, its effects, what waits for you')
    .option('--at <version>', 'as it was then (default: now)', version);
  asksGateway(command, shell, (session, id: string, { at }: { at?: number }) =>
    session.show(workflowPath(id, 'state', { version: at }), viewText),
  );
}
