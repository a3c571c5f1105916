import type { Command } from 'commander';
import type { Output } from '../../output/output.js';
import { timeText } from '../../output/times.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';

interface Workers {
  readonly workers: readonly Worker[];
}

interface Worker {
  readonly id: string;
  readonly role: string;
  readonly major: number;
  readonly sinceMs: number;
  /** Tasks that it holds. */
  readonly tasks: number;
  /** Null unless it was told to drain. */
  readonly drain: { readonly by: string; readonly reason: string; readonly atMs: number } | null;
}

export function addList(worker: Command, shell: Shell): void {
  const command = worker.command('list').description('List the workers of all roles');
  asksGateway(command, shell, (session) => session.show('/v1/workers', listText));
}

function listText({ workers }: Workers, out: Output): void {
  out.table(
    workers,
    [
      { name: 'WORKER', text: ({ id }) => id },
      { name: 'ROLE', text: ({ role, major }) => `${role}@${major}` },
      { name: 'TASKS', text: ({ tasks }) => String(tasks) },
      { name: 'SINCE', text: ({ sinceMs }) => timeText(sinceMs, out) },
      { name: 'DRAINED', text: drainText, colour: () => 'yellow' },
    ],
    'no workers',
  );
}

const drainText = ({ drain }: Worker): string =>
  drain === null ? '' : `${drain.reason}, by ${drain.by}`;
