import type { Command } from 'commander';
import { deciding, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import { JSON_SOURCES, jsonArgument } from '../../shell/json-argument.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from '../workflow/path.js';
import { letterPath } from './letter.js';

interface RedriveOptions extends ReasonOptions {
  readonly request?: string;
}

export function addRedrive(dead: Command, shell: Shell): void {
  const command = reasoned(
    dead
      .command('redrive')
      .description('Run failed work again, where it stopped; what has a result is not repeated')
      .argument('<letter>', 'as list names it, or the id of a workflow and its task')
      .argument('[task]', 'with the id of a workflow: the task that waits')
      .option(
        '--request <json>',
        `what the task is asked instead; it begins anew: ${JSON_SOURCES}`,
      ),
  );
  asksGateway(
    deciding(command),
    shell,
    async (session, id: string, task: string | undefined, options: RedriveOptions) => {
      const request = await jsonArgument(options.request, '--request', shell);
      await session.decide(pathOf(id, task), { reason: options.reason, request }, 'sent again');
    },
  );
}

const pathOf = (id: string, task: string | undefined): string =>
  task === undefined
    ? letterPath(id, 'redrive')
    : workflowPath(id, `tasks/${encodeURIComponent(task)}/redrive`);
