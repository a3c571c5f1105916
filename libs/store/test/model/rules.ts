// What the specification asks of a task and says of it.

import type { RecordedEvent, Version } from '@lockstep/kernel';
import type { Append, AppendReply, ClaimReply, StoreLimits } from '../../src/index.js';
import type { Task, Workflow } from './state.js';

export function claimed(flow: Workflow, { epoch, mode, from, born }: Task): ClaimReply {
  const { tenant, type, log } = flow;
  const scheduled = recorded(flow, born);
  return {
    reply: 'ok',
    epoch,
    version: log.length,
    mode: mode === 'settle' ? 'settle' : 'run',
    tenant,
    type,
    startedAt: from,
    scheduled,
    onFailure: 'park',
    limits: { tasks: null, events: null },
  };
}

/** An event of the log, as a reader gets it. */
function recorded({ log }: Workflow, version: Version): RecordedEvent {
  const { at: atMs, ...event } = log[version - 1]!;
  return { ...event, version, atMs } as RecordedEvent;
}

/** Why an append of whom the task belongs to changes nothing, if so. */
export function refusal(
  flow: Workflow,
  task: Task,
  a: Append,
  { tasksPerWorkflow: tasks }: StoreLimits,
): AppendReply | undefined {
  const { appended, from, to, wokenAt, state } = task;
  if (a.number === appended && appended > 0)
    return { reply: 'duplicate', from, to, wokenAt, released: state !== 'running' };
  if (a.number !== appended + 1) return { reply: 'rewound', number: appended };
  if (state !== 'running') return { reply: 'fenced' };
  const deliveries = a.items.filter(({ deliver }) => deliver).length;
  if (deliveries > 0 && flow.tasks.size + deliveries > tasks) return { reply: 'limit', tasks };
  for (const { name, expected } of a.items.flatMap(({ fields = [] }) => fields)) {
    const version = flow.versions.get(`f:${name}`) ?? 0;
    if (expected !== null && expected !== version)
      return { reply: 'conflict', what: name, version };
  }
  for (const { name, version } of a.items.flatMap(({ take }) => take ?? [])) {
    const taken = flow.versions.get(`taken:${name}`) ?? 0;
    if (taken >= version) return { reply: 'conflict', what: name, version: taken };
  }
  return undefined;
}

export function isAwake(flow: Workflow, task: Task, { readUpTo, release }: Append): boolean {
  const signals = release?.as === 'suspended' ? release.waits.signals : [];
  const sent = signals.map((name) => flow.versions.get(`sent:${name}`) ?? 0);
  return Math.max(task.wokenAt, ...sent) > readUpTo;
}

export function suspend(
  flow: Workflow,
  id: string,
  task: Task,
  waits: Extract<Append['release'], { as: 'suspended' }>['waits'],
): void {
  const { group, left } = task.waits;
  [...waits.all, ...waits.any.map((op) => [op])].forEach((ops, at) => {
    for (const op of ops) group.set(String(op), String(at));
    left.set(String(at), ops.length);
  });
  for (const name of waits.signals) {
    group.set(`$${name}`, `$${name}`);
    left.set(`$${name}`, 1);
    const listeners = flow.listeners.get(name) ?? [];
    if (!listeners.includes(id)) flow.listeners.set(name, [...listeners, id]);
  }
  task.state = 'waiting';
}

/** Why a person cannot send a task again, if so. */
export function obstacle(
  flow: Workflow,
  id: string,
  chosen: readonly string[],
): string | undefined {
  const task = flow.tasks.get(id);
  if (!task) return 'unknown';
  if (task.state === 'parked') return undefined;
  const isEnding = flow.cancelling && task.mode !== 'undo';
  if (task.state !== 'failed' || isEnding) return task.state;
  if (task.returnTask === '-' || task.returnTask === '~') return undefined;
  const caller = flow.tasks.get(task.returnTask);
  const goesAlong = chosen.includes(task.returnTask) && caller?.state === 'failed';
  return goesAlong ? undefined : 'caught';
}
