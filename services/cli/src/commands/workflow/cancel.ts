import type { Command } from 'commander';
import { asking, deciding, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from './path.js';

export function addCancel(workflow: Command, shell: Shell): void {
  const command = workflow.command('cancel <id>').description('End a workflow before it is done');
  asksGateway(
    asking(deciding(reasoned(command))),
    shell,
    async (session, id: string, { reason }: ReasonOptions) => {
      await session.confirm(`Cancel workflow ${id}?`);
      await session.decide(workflowPath(id, 'cancel'), { reason }, 'recorded');
    },
  );
}
