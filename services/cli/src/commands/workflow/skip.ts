import type { Command } from 'commander';
import { asking, deciding, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import { wholeNumber } from '../../session/whole-number.js';
import { JSON_SOURCES, jsonArgument } from '../../shell/json-argument.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from './path.js';

interface SkipOptions extends ReasonOptions {
  readonly op?: number;
  readonly value: string;
}

export function addSkip(workflow: Command, shell: Shell): void {
  const command = reasoned(
    workflow
      .command('skip <id> <task>')
      .description('Give the operation that failed its result, and let the task go on')
      .option('--op <n>', 'refused when another one failed', wholeNumber(1))
      .option('--value <json>', `the result that the task gets for it: ${JSON_SOURCES}`, 'null'),
  );
  asksGateway(
    asking(deciding(command)),
    shell,
    async (session, id: string, task: string, { op, value: given, reason }: SkipOptions) => {
      const value = await jsonArgument(given, '--value', shell);
      await session.confirm(`Let task ${task} go on as if this had happened?`);
      const path = workflowPath(id, `tasks/${encodeURIComponent(task)}/skip`);
      await session.decide(path, { op, value, reason }, 'recorded');
    },
  );
}
