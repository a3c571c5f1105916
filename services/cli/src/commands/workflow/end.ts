import type { Command } from 'commander';
import { asking, deciding, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from './path.js';

/** A command that ends a workflow before it is done. */
interface End<Options> {
  /** The command's, and the route's. */
  readonly name: 'cancel' | 'rollback';
  readonly description: string;
  readonly option: readonly [flags: string, description: string];
  readonly question: (id: string, options: Options) => string;
  readonly body: (options: Options) => object;
}

const CANCEL: End<{ readonly rollback: boolean }> = {
  name: 'cancel',
  description: 'End a workflow before it is done; what it has committed is undone',
  option: ['--no-rollback', 'let stand what it has committed'],
  question: (id, { rollback }) =>
    `Cancel workflow ${id}${rollback ? ' and undo what it has done' : ''}?`,
  body: ({ rollback }) => ({ rollback }),
};

const ROLLBACK: End<{ readonly to?: string }> = {
  name: 'rollback',
  description: 'Undo what a workflow has committed, the newest first; it ends as failed',
  option: ['--to <savepoint>', 'what was committed before it was last reached stands'],
  question: (id) => `Undo what workflow ${id} has done?`,
  body: ({ to }) => ({ savepoint: to }),
};

export function addCancel(workflow: Command, shell: Shell): void {
  addEnd(workflow, shell, CANCEL);
}

export function addRollback(workflow: Command, shell: Shell): void {
  addEnd(workflow, shell, ROLLBACK);
}

function addEnd<Options>(workflow: Command, shell: Shell, end: End<Options>): void {
  const { name, description, option, question, body } = end;
  const command = reasoned(workflow.command(`${name} <id>`).description(description)).option(
    ...option,
  );
  asksGateway(
    asking(deciding(command)),
    shell,
    async (session, id: string, options: ReasonOptions & Options) => {
      await session.confirm(question(id, options));
      const path = workflowPath(id, name);
      await session.decide(path, { reason: options.reason, ...body(options) }, 'recorded');
    },
  );
}
