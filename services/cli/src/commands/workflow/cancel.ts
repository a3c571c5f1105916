import type { Command } from 'commander';
import { asking, deciding, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from './path.js';

interface CancelOptions extends ReasonOptions {
  readonly rollback: boolean;
}

export function addCancel(workflow: Command, shell: Shell): void {
  const command = reasoned(
    workflow
      .command('cancel <id>')
      .description('End a workflow before it is done; what it has committed is undone')
      .option('--no-rollback', 'let stand what it has committed'),
  );
  asksGateway(
    asking(deciding(command)),
    shell,
    async (session, id: string, { reason, rollback }: CancelOptions) => {
      await session.confirm(
        `Cancel workflow ${id}${rollback ? ' and undo what it has done' : ''}?`,
      );
      await session.decide(workflowPath(id, 'cancel'), { reason, rollback }, 'recorded');
    },
  );
}
