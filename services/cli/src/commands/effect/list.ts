import { type Command, Option } from 'commander';
import type { ErrorChain, PersonsOption, UnsettledStatus } from '@lockstep/kernel';
import { withQuery } from '../../gateway/query.js';
import { errorText } from '../../output/error-text.js';
import type { Output } from '../../output/output.js';
import { timeText } from '../../output/times.js';
import { paged, type PageOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';
import { optionsText } from '../workflow/persons-options.js';

interface ListOptions extends PageOptions {
  readonly status?: UnsettledStatus;
  readonly role?: string;
  readonly action?: string;
}

interface Effects {
  readonly effects: readonly {
    readonly workflow: string;
    readonly task: string;
    readonly role: string;
    readonly op: number;
    readonly action: string;
    readonly key: string;
    readonly status: UnsettledStatus;
    readonly sinceMs: number;
    readonly attempts: number;
    readonly error: ErrorChain;
    readonly options: readonly PersonsOption[];
  }[];
  readonly next: string | null;
}

const STATUSES: readonly UnsettledStatus[] = ['in-doubt', 'parked'];

export function addList(effect: Command, shell: Shell): void {
  const command = paged(
    effect
      .command('list')
      .description('List effects in doubt or waiting for a person, the newest doubt first'),
  )
    .addOption(
      new Option(
        '--status <status>',
        'in-doubt: it is being found out; parked: it waits for you',
      ).choices(STATUSES),
    )
    .option('--role <role>', 'only those that this role performs')
    .option('--action <action>', 'only of this action');
  asksGateway(command, shell, (session, options: ListOptions) => {
    const { status, role, action, limit, cursor } = options;
    const path = withQuery('/v1/effects', { status, role, action, limit, cursor });
    return session.show(path, effectsText);
  });
}

function effectsText({ effects, next }: Effects, out: Output): void {
  out.table(
    effects,
    [
      { name: 'ACTION', text: ({ action }) => action },
      { name: 'KEY', text: ({ key }) => key },
      { name: 'STATUS', text: ({ status }) => status, colour: () => 'yellow' },
      { name: 'SINCE', text: ({ sinceMs }) => timeText(sinceMs, out) },
      { name: 'ATTEMPTS', text: ({ attempts }) => String(attempts) },
      { name: 'WORKFLOW', text: ({ workflow }) => workflow },
      { name: 'TASK', text: ({ task, op, role }) => `${task}#${op} of ${role}` },
      { name: 'ERROR', text: ({ error }) => errorText(error) },
      { name: 'YOU CAN', text: ({ workflow, options }) => optionsText(workflow, options) },
    ],
    'every effect is settled',
  );
  out.nextPage(next);
}
