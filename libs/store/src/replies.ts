// What operations tell the functions and what they answer, as words and as types.

import type { OnFailure, WorkflowLimits } from '@lockstep/contracts';
import type { TaskId, WorkflowId } from '@lockstep/kernel';
import type { Reply } from './function-call.js';
import { parseEntry, type StreamEntry } from './log.js';
import type {
  AppendReply,
  CancelReply,
  ClaimReply,
  ReachedLimits,
  StartPolicy,
  WorkflowStatus,
} from './operations.js';
import { NewerLayout } from './server-errors.js';

export function memberOf(member: string): { readonly wf: WorkflowId; readonly task: TaskId } {
  const [wf, task] = member.split(' ');
  return { wf: wf as WorkflowId, task: task as TaskId };
}

export function claimReply([
  reply,
  epoch,
  version,
  mode,
  tenant,
  type,
  startedAt,
  entry,
  onFailure,
  limits,
]: Reply): ClaimReply {
  if (reply === 'newer') throw new NewerLayout(Number(epoch));
  if (reply !== 'ok') return { reply: reply as 'taken' | 'unregistered' };
  return {
    reply,
    epoch: Number(epoch),
    version: Number(version),
    mode: mode === 'settle' ? 'settle' : 'run',
    tenant: String(tenant),
    type: String(type),
    startedAt: Number(startedAt),
    scheduled: parseEntry(entry as unknown as StreamEntry),
    onFailure: onFailure as OnFailure,
    limits: parseLimits(String(limits)),
  };
}

export function endReply([reply, detail, status]: Reply): CancelReply {
  if (reply === 'unknown') return { reply };
  if (reply === 'ended') return { reply, status: detail as WorkflowStatus };
  return {
    reply: reply as 'ok' | 'duplicate',
    version: Number(detail),
    status: status as WorkflowStatus,
  };
}

/** As `functions/start.lua` keeps them; each empty when there is none. */
export function policyWords(policy: StartPolicy | undefined): readonly string[] {
  if (!policy) return ['', '', ''];
  const { onFailure, escalate, after } = policy;
  return [
    onFailure,
    escalate ? `${escalate.afterMs} ${escalate.to}` : '',
    after ? `${after.inbox} ${after.scheduled.name} ${JSON.stringify(after.scheduled)}` : '',
  ];
}

export const limitWords = (limits: WorkflowLimits | undefined): string =>
  limits && Object.keys(limits).length > 0
    ? `${limits.tasks ?? '-'} ${limits.events ?? '-'} ${limits.wallClockMs ?? '-'}`
    : '';

function parseLimits(words: string): ReachedLimits {
  const [tasks = '-', events = '-'] = words === '' ? [] : words.split(' ');
  return {
    tasks: tasks === '-' ? null : Number(tasks),
    events: events === '-' ? null : Number(events),
  };
}

export function appendReply(line: string): AppendReply {
  const [reply = '', a, b, c, d] = line.split(' ');
  if (reply === 'newer') throw new NewerLayout(Number(a));
  if (reply === 'fenced') return { reply };
  if (reply === 'rewound') return { reply, number: Number(a) };
  if (reply === 'conflict') return conflictReply(line);
  if (reply === 'limit') return { reply, tasks: Number(a) };
  return {
    reply: reply as 'ok' | 'duplicate',
    from: Number(a),
    to: Number(b),
    wokenAt: Number(c),
    released: d === '1',
  };
}

/** What is in conflict is the last of the line: its name may have spaces. */
function conflictReply(line: string): AppendReply {
  const [reply, version] = line.split(' ', 2) as ['conflict', string];
  return { reply, version: Number(version), what: line.slice(reply.length + version.length + 2) };
}
