import type { Command } from 'commander';
import type { WorkflowView } from '@lockstep/kernel';
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
  asksGateway(command, shell, async ({ gateway, out }, id: string, { at }: { at?: number }) => {
    const text = await gateway.read(workflowPath(id, 'state', { version: at }));
    if (out.json) out.jsonText(text);
    else viewText(JSON.parse(text) as WorkflowView, out);
  });
}
