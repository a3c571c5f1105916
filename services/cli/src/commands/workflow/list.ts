import { type Command, Option } from 'commander';
import type { WorkflowStatus } from '@lockstep/kernel';
import { withQuery } from '../../gateway/query.js';
import type { Output } from '../../output/output.js';
import { statusColour } from '../../output/status.js';
import { timeText } from '../../output/times.js';
import { paged, type PageOptions } from '../../session/options.js';
import { asksGateway } from '../../session/session.js';
import type { Shell } from '../../shell/shell.js';

interface ListOptions extends PageOptions {
  readonly type?: string;
  readonly status?: WorkflowStatus;
}

interface WorkflowList {
  readonly workflows: readonly {
    readonly id: string;
    readonly type: string;
    readonly status: WorkflowStatus;
    readonly version: number;
    readonly startedAtMs: number;
  }[];
  readonly next: string | null;
}

const STATUSES: readonly WorkflowStatus[] = [
  'running',
  'parked',
  'cancelling',
  'rolling-back',
  'cancelled',
  'completed',
  'failed',
];

export function addList(workflow: Command, shell: Shell): void {
  const command = paged(workflow.command('list').description('List workflows, the newest first'))
    .option('--type <type>', 'only workflows of this type')
    .addOption(new Option('--status <status>', 'only workflows in this status').choices(STATUSES));
  asksGateway(command, shell, (session, options: ListOptions) => {
    const { type, status, limit, cursor } = options;
    return session.show(withQuery('/v1/workflows', { type, status, limit, cursor }), listText);
  });
}

function listText({ workflows, next }: WorkflowList, out: Output): void {
  out.table(
    workflows,
    [
      { name: 'WORKFLOW', text: ({ id }) => id },
      { name: 'TYPE', text: ({ type }) => type },
      { name: 'STATUS', text: ({ status }) => status, colour: (each) => statusColour(each.status) },
      { name: 'VERSION', text: ({ version }) => String(version) },
      { name: 'STARTED', text: ({ startedAtMs }) => timeText(startedAtMs, out) },
    ],
    'no workflows',
  );
  out.nextPage(next);
}
