import type { Command } from 'commander';
import { changing } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import { JSON_SOURCES, jsonArgument } from '../../shell/json-argument.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from './path.js';

export function addSignal(workflow: Command, shell: Shell): void {
  const command = changing(
    workflow
      .command('signal <id> <name>')
      .description('Tell a workflow something, once for a --command-id'),
  ).option('--payload <json>', `what the signal's contract asks for: ${JSON_SOURCES}`);
  asksGateway(
    command,
    shell,
    async (session, id: string, name: string, options: { payload?: string }) => {
      const payload = await jsonArgument(options.payload, '--payload', shell);
      const path = workflowPath(id, `signals/${encodeURIComponent(name)}`);
      await session.decide(path, { payload }, 'told');
    },
  );
}
