import type { Command } from 'commander';
import { asking, changing, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { messagePath } from './message.js';

export function addDiscard(unreadable: Command, shell: Shell): void {
  const command = reasoned(
    unreadable
      .command('discard')
      .argument('<message>', 'as list names it')
      .description('Remove an unreadable message; what it held is lost'),
  );
  asksGateway(
    asking(changing(command)),
    shell,
    async (session, id: string, { reason }: ReasonOptions) => {
      await session.confirm(`Remove ${id} for good?`);
      await session.decide(messagePath(id, '/discard'), { reason }, 'removed');
    },
  );
}
