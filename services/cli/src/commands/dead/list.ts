import type { Command } from 'commander';
import { withQuery } from '../../gateway/query.js';
import { errorText, type ToldError } from '../../output/error-text.js';
import { timeText } from '../../output/times.js';
import { paged, type PageOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';

interface DeadLetters {
  readonly deadLetters: readonly {
    readonly id: string;
    readonly role: string;
    readonly workflow: string;
    readonly task: string;
    readonly atMs: number;
    readonly meta: { readonly reason?: string; readonly error?: readonly ToldError[] };
  }[];
  readonly next: string | null;
}

interface ListOptions extends PageOptions {
  readonly role: string;
}

export function addList(dead: Command, shell: Shell): void {
  const command = paged(
    dead.command('list').description("List a role's dead letters, the newest first"),
  ).requiredOption('--role <role>', 'where the failures began');
  asksGateway(command, shell, async ({ gateway, out }, options: ListOptions) => {
    const { role, limit, cursor } = options;
    const text = await gateway.read(withQuery('/v1/dead-letters', { role, limit, cursor }));
    if (out.json) {
      out.jsonText(text);
      return;
    }
    const { deadLetters, next } = JSON.parse(text) as DeadLetters;
    out.table(
      deadLetters,
      [
        { name: 'LETTER', text: ({ id }) => id },
        { name: 'WORKFLOW', text: ({ workflow }) => workflow },
        { name: 'TASK', text: ({ task }) => task },
        { name: 'REASON', text: ({ meta }) => meta.reason ?? '', colour: () => 'yellow' },
        { name: 'ERROR', text: ({ meta }) => errorText(meta.error ?? []) },
        { name: 'SINCE', text: ({ atMs }) => timeText(atMs, out) },
      ],
      `no dead letters of ${role}`,
    );
    out.nextPage(next);
  });
}
