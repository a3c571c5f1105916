import type { Command } from 'commander';
import { deciding, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from './path.js';

export function addPark(workflow: Command, shell: Shell): void {
  addHold(workflow, shell, 'park', 'Hold every open task of a workflow, until resume');
}

export function addResume(workflow: Command, shell: Shell): void {
  addHold(workflow, shell, 'resume', 'Send on the tasks of a workflow that park holds');
}

/** Both can be taken back by the other, so nobody is asked. */
function addHold(
  workflow: Command,
  shell: Shell,
  name: 'park' | 'resume',
  description: string,
): void {
  const command = reasoned(workflow.command(`${name} <id>`).description(description));
  asksGateway(deciding(command), shell, (session, id: string, { reason }: ReasonOptions) =>
    session.decide(workflowPath(id, name), { reason }, 'recorded'),
  );
}
