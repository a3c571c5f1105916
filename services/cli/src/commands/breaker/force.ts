import type { Command } from 'commander';
import { asking, changing, reasoned, type ReasonOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';

export interface Force {
  /** The command's, and the route's. */
  readonly name: 'open' | 'close';
  readonly description: string;
  /** What is asked before it is done; by default nothing. */
  readonly question?: (target: string) => string;
}

/** A command that moves a breaker. */
export function addForce(
  breaker: Command,
  shell: Shell,
  { name, description, question }: Force,
): void {
  const command = changing(reasoned(breaker.command(`${name} <target>`).description(description)));
  asksGateway(
    question ? asking(command) : command,
    shell,
    async (session, target: string, { reason }: ReasonOptions) => {
      if (question) await session.confirm(question(target));
      const path = `/v1/breakers/${encodeURIComponent(target)}/${name}`;
      await session.decide(path, { reason }, 'recorded');
    },
  );
}
