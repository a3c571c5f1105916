import type { Command } from 'commander';
import { asking, changing, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';

export function addDrain(worker: Command, shell: Shell): void {
  const command = reasoned(
    worker
      .command('drain')
      .argument('<worker>', 'as list names it')
      .description('Let a worker hand back what it holds and take no more, until its process ends'),
  );
  asksGateway(
    asking(changing(command)),
    shell,
    async (session, id: string, { reason }: ReasonOptions) => {
      await session.confirm(`Drain ${id}? It works again only as a new process.`);
      const path = `/v1/workers/${encodeURIComponent(id)}/drain`;
      await session.decide(path, { reason }, 'told; its next heartbeat brings it');
    },
  );
}
