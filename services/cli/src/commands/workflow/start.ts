import type { Command } from 'commander';
import { changing } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import { JSON_SOURCES, jsonArgument } from '../../shell/json-argument.js';
import type { Shell } from '../../shell/shell.js';

export function addStart(workflow: Command, shell: Shell): void {
  const command = changing(
    workflow.command('start <type>').description('Start a workflow, once for a --command-id'),
  ).option('--request <json>', `what its contract asks for: ${JSON_SOURCES}`);
  asksGateway(command, shell, async (session, type: string, options: { request?: string }) => {
    const request = await jsonArgument(options.request, '--request', shell);
    await session.decide('/v1/workflows', { type, request }, 'started');
  });
}
