import { type Command, Option } from 'commander';
import type { WorkflowStatus } from '@lockstep/kernel';
import { withQuery } from '../../gateway/query.js';
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
  'cancelled',
  'completed',
];

export function addList(workflow: Command, shell: Shell): void {
  const command = paged(workflow.command('list').description('List workflows, the newest first'))
    .option('--type <type>', 'only workflows of this type')
    .addOption(new Option('--status <status>', 'only workflows in this status').choices(STATUSES));
  asksGateway(command, shell, async ({ gateway, out }, options: ListOptions) => {
    const { type, status, limit, cursor } = options;
    const text = await gateway.read(withQuery('/v1/workflows', { type, status, limit, cursor }));
    if (out.json) {
      out.jsonText(text);
      return;
    }
    const { workflows, next } = JSON.parse(text) as WorkflowList;
    out.table(
      workflows,
      [
        { name: 'WORKFLOW', text: ({ id }) => id },
        { name: 'TYPE', text: (each) => each.type },
        {
          name: 'STATUS',
          text: (each) => each.status,
          colour: (each) => statusColour(each.status),
        },
        { name: 'VERSION', text: (each) => String(each.version) },
        { name: 'STARTED', text: ({ startedAtMs }) => timeText(startedAtMs, out) },
      ],
      'no workflows',
    );
    out.nextPage(next);
  });
}
