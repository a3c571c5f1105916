import type { Command } from 'commander';
import { asking, changing, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { letterPath } from './letter.js';

export function addDiscard(dead: Command, shell: Shell): void {
  const command = reasoned(
    dead
      .command('discard')
      .argument('<letter>', 'as list names it')
      .description('Give the job of a dead letter up: its workflow is cancelled, and undone'),
  );
  asksGateway(
    asking(changing(command)),
    shell,
    async (session, id: string, { reason }: ReasonOptions) => {
      await session.confirm('Cancel its workflow and undo what it has done?');
      await session.decide(letterPath(id, 'discard'), { reason }, 'recorded');
    },
  );
}
