import type { Command } from 'commander';
import type { WorkflowStatus } from '@lockstep/kernel';
import { Ended } from '../../exit/ended.js';
import { EXIT, type ExitCode } from '../../exit/exit-codes.js';
import { follow } from '../../gateway/follow.js';
import { type EventJson, eventLine } from '../../output/event-line.js';
import { asksGateway, type Session } from '../../session/session.js';
import { wholeNumber } from '../../session/whole-number.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from './path.js';

export function addTail(workflow: Command, shell: Shell): void {
  const command = workflow
    .command('tail <id>')
    .description('Follow a workflow until it ends; its end is the exit code')
    .option('--after <version>', 'only events behind it', wholeNumber(0), 0);
  asksGateway(command, shell, async (session, id: string, { after }: { after: number }) => {
    const status = (await told(session, id, after)) ?? (await statusOf(session, id));
    session.out.note(`${id} is ${status}`);
    throw new Ended(exitOf(status));
  });
}

/** Tells each event; answers what the workflow ended as, or null when there was nothing to tell. */
async function told(
  { gateway, out, shell: { signal } }: Session,
  id: string,
  after: number,
): Promise<WorkflowStatus | null> {
  const lost = (reason: string): void => {
    out.note(`connection lost (${reason}); trying again`);
  };
  const messages = follow(gateway, { path: workflowPath(id, 'live'), after, signal, lost });
  for await (const { event, data } of messages) {
    if (event === 'end') return (JSON.parse(data) as { status: WorkflowStatus }).status;
    out.line(out.json ? data : eventLine(JSON.parse(data) as EventJson, out));
  }
  return null;
}

async function statusOf({ gateway }: Session, id: string): Promise<WorkflowStatus> {
  const view = await gateway.read(workflowPath(id, 'state'));
  return (JSON.parse(view) as { status: WorkflowStatus }).status;
}

function exitOf(status: WorkflowStatus): ExitCode {
  switch (status) {
    case 'completed':
      return EXIT.ok;
    case 'cancelled':
      return EXIT.cancelled;
    default:
      return EXIT.failed;
  }
}
