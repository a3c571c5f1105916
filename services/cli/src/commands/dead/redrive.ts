import type { Command } from 'commander';
import { deciding } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from '../workflow/path.js';

export function addRedrive(dead: Command, shell: Shell): void {
  const command = dead
    .command('redrive <workflow> <task>')
    .description('Run a failed or parked task again; what has a result is not repeated');
  asksGateway(deciding(command), shell, async (session, workflow: string, task: string) => {
    const path = workflowPath(workflow, `tasks/${encodeURIComponent(task)}/redrive`);
    await session.decide(path, {}, 'sent again');
  });
}
