import type { Command } from 'commander';
import { asking, deciding, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from './path.js';

interface RollbackOptions extends ReasonOptions {
  readonly to?: string;
}

export function addRollback(workflow: Command, shell: Shell): void {
  const command = reasoned(
    workflow
      .command('rollback <id>')
      .description('Undo what a workflow has committed, the newest first; it ends as failed')
      .option('--to <savepoint>', 'what was committed before it was last reached stands'),
  );
  asksGateway(
    asking(deciding(command)),
    shell,
    async (session, id: string, { reason, to }: RollbackOptions) => {
      await session.confirm(`Undo what workflow ${id} has done?`);
      const path = workflowPath(id, 'rollback');
      await session.decide(path, { reason, savepoint: to }, 'recorded');
    },
  );
}
