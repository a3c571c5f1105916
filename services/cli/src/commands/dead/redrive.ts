import type { Command } from 'commander';
import { deciding, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from '../workflow/path.js';

export function addRedrive(dead: Command, shell: Shell): void {
  const command = dead
    .command('redrive <workflow> <task>')
    .description('Run a failed or parked task again; what has a result is not repeated');
  asksGateway(
    deciding(reasoned(command)),
    shell,
    async (session, workflow: string, task: string, { reason }: ReasonOptions) => {
      const path = workflowPath(workflow, `tasks/${encodeURIComponent(task)}/redrive`);
      await session.decide(path, { reason }, 'sent again');
    },
  );
}
