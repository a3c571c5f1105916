// How picks of the generator become calls: each looks at what is there and names something real, or something
// that was real before.

import type { ClaimId, NewEvent, TaskId, WaitSpec, WorkerId, WorkflowId } from '@lockstep/kernel';
import type {
  Append,
  AppendItem,
  HeldTask,
  Reservation,
  Retirement,
  View,
} from '../../src/index.js';
import {
  called,
  committed,
  completed,
  event,
  failed,
  FAILURE,
  intended,
  notPerformed,
  stepOf,
  suspended,
} from '../support/events.js';
import { startOf } from '../support/scene.js';
import type { Ordered } from './ledger.js';
import type { Call, Claim, Run } from './run.js';
import { hasEnded, type Task, type Workflow } from './state.js';

export const WORKFLOWS = ['wf-a', 'wf-b'] as const;
export const WORKERS = ['w1', 'w2'] as const;
export const SIGNALS = ['approved', 'refused'] as const;

const pick = <T>(items: readonly T[], at: number): T | undefined => items[at % items.length];
/** The newest are picked most often. */
const pickLate = <T>(items: readonly T[], at: number): T | undefined =>
  items[items.length - 1 - (at % items.length)];

export function startCall(run: Run, wf: string, digest: string): Call {
  const given = startOf({ wf: wf as WorkflowId, digest });
  return {
    name: 'start',
    args: given,
    onModel: (model) => model.start(given),
    onStore: () => run.store.start(given),
  };
}

export function claimCall(
  run: Run,
  p: { at: number; worker: string; old: boolean; deadlineMs: number },
): Call | undefined {
  const message = pick(run.model.inbox, p.at);
  if (!message) return undefined;
  const token = `c${run.history.length}`;
  const given = {
    wf: message.wf,
    task: message.task,
    dispatch: p.old ? message.dispatch - 1 : message.dispatch,
    claim: token as ClaimId,
    worker: p.worker as WorkerId,
    beat: run.beats.get(p.worker) ?? 0,
    inbox: 'orders@1',
    deadlineMs: p.deadlineMs,
  };
  const { wf, task } = message;
  // A message of an earlier dispatch is gone by now.
  const id = p.old ? 'm0' : message.id;
  return {
    name: 'claim',
    args: { ...given, message: id },
    onModel: (model) => {
      const reply = model.claim({ ...given, message: id });
      const known = run.claims.some((claim) => claim.token === token);
      if (reply.reply === 'ok' && !known)
        run.claims.push({ wf, task, token, worker: p.worker, epoch: reply.epoch });
      return reply;
    },
    onStore: () => run.store.claim({ ...given, message: run.serverId(id) }),
  };
}

export interface AppendPicks {
  /** From all claims that ever were, not from those that hold. */
  readonly ended: boolean;
  readonly claim: number;
  /** Added to the last number: 1 is right. */
  readonly step: number;
  readonly items: readonly string[];
  readonly release: string;
  readonly behind: number;
  readonly nth: number;
}

export function appendCall(run: Run, p: AppendPicks): Call | undefined {
  const claim = pickLate(p.ended ? run.claims : run.holding(), p.claim);
  const flow = claim && run.model.workflows.get(claim.wf);
  const task = flow?.tasks.get(claim?.task ?? '');
  if (!claim || !flow || !task) return undefined;
  const items: AppendItem[] = [];
  for (const kind of p.items) items.push(...itemOf(kind, flow, claim, items, p.nth));
  const base = {
    wf: flow.id,
    task: claim.task as TaskId,
    claim: claim.token as ClaimId,
    number: task.appended + p.step,
    readUpTo: Math.max(0, flow.log.length - p.behind),
    items,
  };
  const given: Append = { ...base, ...releaseOf(p.release, flow, claim, task, items, p.nth) };
  return {
    name: 'append',
    args: given,
    onModel: (model) => model.append(given),
    onStore: () => run.store.append(given),
  };
}

const nextOp = (flow: Workflow, { task }: Claim, items: readonly AppendItem[]): number =>
  1 +
  [...flow.tasks.keys(), ...items.map((item) => item.event.task)].filter(
    (id) => id.startsWith(`${task}.`) && !id.slice(task.length + 1).includes('.'),
  ).length;

function itemOf(
  kind: string,
  flow: Workflow,
  claim: Claim,
  items: readonly AppendItem[],
  nth: number,
): AppendItem[] {
  const task = claim.task as TaskId;
  const signal = pick(SIGNALS, nth) ?? '';
  const sent = flow.versions.get(`sent:${signal}`);
  switch (kind) {
    case 'call':
      return [called(task, nextOp(flow, claim, items))];
    case 'timer':
      return [{ ...event(task, 'TimerSet', { delayMs: 500 }, 90 + (nth % 2)), timerMs: 500 }];
    case 'write':
      return [write(task, nth % 3 === 0 ? null : (flow.versions.get('f:total') ?? 0))];
    case 'race':
      return [write(task, 1)];
    case 'take':
      return sent === undefined ? [] : [take(task, signal, sent)];
    case 'intend':
      return [intended(task)];
    case 'commit':
      return [committed(task)];
    case 'give-up':
      return [notPerformed(task)];
    default:
      return [stepOf(task, 1)];
  }
}

const write = (task: TaskId, expected: number | null): AppendItem => ({
  ...event(task, 'StateChanged', { fields: ['total'] }, 1, '{"total":1}'),
  fields: [{ name: 'total', expected }],
});

const take = (task: TaskId, name: string, version: number): AppendItem => ({
  ...event(task, 'SignalTaken', { name, signal: version, version: 1 }, 1),
  take: { name, version },
});

const SETTLING_ENDS_NOT_AS = ['completed', 'failed', 'rolled-back', 'handed-off', 'suspended'];

/** Adds the event that says why the task is released. A task that settles ends by its own rules. */
function releaseOf(
  wanted: string,
  flow: Workflow,
  claim: Claim,
  record: Task,
  items: AppendItem[],
  nth: number,
): Pick<Append, 'release' | 'dead' | 'untimers' | 'rollback'> {
  const task = claim.task as TaskId;
  const settling = record.mode === 'settle' && SETTLING_ENDS_NOT_AS;
  const isCalled = record.returnTask !== '-';
  const meant = wanted === 'rolled-back' && isCalled ? 'failed' : wanted;
  const as = settling && settling.includes(meant) ? 'cancelled' : meant;
  const dead = { role: 'orders', task, meta: { reason: 'Uncaught' } };
  const address =
    record.returnTask === '-' ? null : { task: record.returnTask as TaskId, op: record.returnOp };
  switch (as) {
    case 'completed':
      items.push(completed(task));
      return { release: { as }, untimers: [90] };
    case 'failed':
      items.push(failed(task));
      return isCalled ? { release: { as } } : { release: { as }, dead };
    case 'rolled-back': {
      const to = [0, 0, 5, null][nth % 4] ?? null;
      const begun = { reason: 'Uncaught', by: 'policy', to, task, error: FAILURE };
      items.push(failed(task), event('', 'RollbackStarted', begun, 0, '{}'));
      return { release: { as: 'failed' }, rollback: { to } };
    }
    case 'handed-off':
      items.push(called(task, nextOp(flow, claim, items), address));
      return { release: { as } };
    case 'parked':
      items.push(event(task, 'TaskParked', { reason: 'EffectInDoubt', error: FAILURE }));
      return { release: { as }, dead };
    case 'queued':
      items.push(event(task, 'TaskReleased', { epoch: claim.epoch }));
      return { release: { as } };
    case 'suspended': {
      const waits = waitsOf(flow, claim, items, nth);
      items.push(suspended(task, waits));
      return { release: { as, waits } };
    }
    case 'cancelled':
      return settling ? { release: { as } } : {};
    default:
      return {};
  }
}

function waitsOf(
  flow: Workflow,
  { task }: Claim,
  items: readonly AppendItem[],
  nth: number,
): WaitSpec {
  const open = [...flow.tasks].filter(([, t]) => t.returnTask === task && !hasEnded(t));
  const fresh = items.flatMap(({ deliver }) => deliver?.returnTo?.op ?? []);
  const calls = [...open.map(([, { returnOp }]) => returnOp), ...fresh];
  const together = nth % 2 === 0 && calls.length > 0;
  return {
    any: together ? [90] : [...calls, 90],
    all: together ? [calls] : [],
    signals: SIGNALS.slice(0, nth % 3),
  };
}

export function signalCall(run: Run, p: { wf: string; id: number; name: string }): Call {
  const meta = { name: p.name, id: `s${p.id}`, version: 1 };
  const given = { wf: p.wf as WorkflowId, id: `s${p.id}`, name: p.name, meta, payload: '{}' };
  return {
    name: 'signal',
    args: given,
    onModel: (model) => model.signal(given),
    onStore: () => run.store.signal(given),
  };
}

export function cancelCall(run: Run, p: { wf: string; id: number }): Call {
  const command = { wf: p.wf as WorkflowId, commandId: `x${p.id}`, reason: 'changed', by: 'ann' };
  const given = { ...command, rollback: p.id % 2 === 0 };
  return {
    name: 'cancel',
    args: [given],
    onModel: (model) => model.cancel(given),
    onStore: () => run.store.cancel(given),
  };
}

export function rollbackCall(run: Run, p: { wf: string; id: number; to: number }): Call {
  const command = { wf: p.wf as WorkflowId, commandId: `x${p.id}`, reason: 'wrong', by: 'ann' };
  const given = { ...command, to: p.to };
  return {
    name: 'rollback',
    args: [given],
    onModel: (model) => model.rollback(given),
    onStore: () => run.store.rollback(given),
  };
}

export function parkCall(run: Run, p: { wf: string; id: number }): Call {
  const given = { wf: p.wf as WorkflowId, commandId: `x${p.id}`, reason: 'look', by: 'ann' };
  return {
    name: 'park',
    args: [given],
    onModel: (model) => model.personParks(given),
    onStore: () => run.store.park(given),
  };
}

/** What a person decides: of tasks that wait for one, of all that are held, or of both. */
export type Decides = 'tasks' | 'held' | 'both';

const SENDS_ON: NewEvent<'WorkflowResumed'> = {
  type: 'WorkflowResumed',
  task: '',
  op: 0,
  meta: { reason: 'fine', by: 'ann' },
  data: '',
};

export function resumeCall(
  run: Run,
  p: { wf: string; id: number; stale: boolean; all: boolean; nth: number; of: Decides },
): Call | undefined {
  const flow = run.model.workflows.get(p.wf);
  if (!flow) return undefined;
  const stopped = [...flow.tasks].filter(
    ([, { state }]) => state === 'parked' || state === 'failed',
  );
  const [one] = pick(stopped, p.nth) ?? pick([...flow.tasks], p.nth) ?? ['r'];
  const ids = p.all && stopped.length > 0 ? stopped.map(([id]) => id) : [one];
  const reopened = ids.map((task): NewEvent => {
    const meta = { keepUpTo: 1, by: 'ann' };
    return { type: 'TaskReopened', task: task as TaskId, op: 0, meta, data: '' };
  });
  const decisions = { tasks: reopened, held: [SENDS_ON], both: [...reopened, SENDS_ON] }[p.of];
  const seen = p.stale ? flow.log.length - 3 : flow.log.length;
  const given = [flow.id, `x${p.id}`, seen, decisions] as const;
  return {
    name: 'resume',
    args: given,
    onModel: (model) => model.resume(...given),
    onStore: () => run.store.resume(...given),
  };
}

export function beatCall(
  run: Run,
  p: {
    worker: string;
    step: number;
    leaseMs: number;
    forgets: number;
    onTheWay: boolean;
    wrong: boolean;
  },
): Call {
  const beat = (run.beats.get(p.worker) ?? 0) + p.step;
  const held = run.model.held(p.worker).filter((_, at) => at !== p.forgets);
  const listed = held.map(({ flow, id, task }): HeldTask => {
    const claim = p.onTheWay ? null : ((p.wrong ? 'wrong' : task.claim) as ClaimId);
    return { wf: flow.id, task: id as TaskId, claim, seen: task.from };
  });
  const given = [0, p.worker as WorkerId, beat, p.leaseMs, listed] as const;
  run.beats.set(p.worker, Math.max(beat, run.beats.get(p.worker) ?? 0));
  return {
    name: 'heartbeat',
    args: given,
    onModel: (model) => model.heartbeat(...given),
    onStore: () => run.store.heartbeat(...given),
  };
}

export function reapCall(run: Run, p: { limit: number; gone: readonly string[] }): Call {
  return {
    name: 'reap',
    args: p,
    onModel: (model) => model.reap(0, p.limit, p.gone),
    onStore: () => run.store.reap(0, p.limit, p.gone),
  };
}

export function fireCall(run: Run, limit: number): Call {
  return {
    name: 'fire',
    args: limit,
    onModel: (model) => model.fire(0, limit),
    onStore: () => run.store.fire(0, limit),
  };
}

/** A step of the wall clock, which may jump back. */
export function passCall(run: Run, ms: number): Call {
  return {
    name: 'pass',
    args: ms,
    onModel: (model) => {
      model.nowMs += ms;
      return undefined;
    },
    onStore: async () => {
      await run.setClockTo(run.model.nowMs + ms);
    },
  };
}

/** The ledger knows nothing of workflows: two claims of one task, and one of another. */
const RESERVERS: readonly Claim[] = [
  { wf: 'wf-a', task: 'r', token: 'l1', worker: 'w1', epoch: 1 },
  { wf: 'wf-a', task: 'r', token: 'l2', worker: 'w2', epoch: 2 },
  { wf: 'wf-b', task: 'r', token: 'l3', worker: 'w1', epoch: 1 },
];

export function ledgerCall(
  run: Run,
  p: { does: 'reserve' | 'commit' | 'release'; claim: number; key: number; variant: number },
): Call | undefined {
  const claim = RESERVERS[p.claim];
  if (!claim) return undefined;
  run.orders += 1;
  const given: Reservation = {
    tenant: 'acme',
    action: 'refund',
    key: `k${p.key}`,
    wf: claim.wf as WorkflowId,
    task: claim.task as TaskId,
    claim: claim.token as ClaimId,
    epoch: claim.epoch,
    inputDigest: `d${p.variant}`,
  };
  const ordered: Ordered = { ...given, order: run.orders };
  const receipt = `{"n":${p.variant}}`;
  return {
    name: p.does,
    args: ordered,
    onModel: (_, ledger) => ledger[p.does](ordered, receipt),
    onStore: () => run.store.ledger[p.does](given, receipt),
  };
}

export function compensateCall(
  run: Run,
  p: { claim: number; key: number; occurrence: number; to: 'compensating' | 'compensated' },
): Call | undefined {
  const claim = RESERVERS[p.claim];
  if (!claim) return undefined;
  const [wf, task] = [claim.wf as WorkflowId, claim.task as TaskId];
  const effect = { tenant: 'acme', action: 'refund', key: `k${p.key}` };
  const given = { ...effect, occurrence: p.occurrence, wf, task };
  return {
    name: 'compensate',
    args: [given, p.to],
    onModel: (_, ledger) => ledger.compensate(given, p.to),
    onStore: () => run.store.ledger.compensate(given, p.to),
  };
}

export function leaseCall(run: Run, p: { owner: string; leaseMs: number }): Call {
  const given = [0, 'views', p.owner, p.leaseMs] as const;
  return {
    name: 'lease',
    args: given,
    onModel: (model) => model.lease(...given),
    onStore: async () => {
      const reply = await run.store.lease(...given);
      if (reply.reply === 'taken') return reply;
      return { ...reply, checkpoint: run.modelId(reply.checkpoint) };
    },
  };
}

export function projectCall(
  run: Run,
  p: { owner: string; older: number; entry: number },
): Call | undefined {
  const entry = pickLate(run.model.feed, p.entry);
  const lease = run.model.leases.get('views');
  const { workflows, retired } = run.model;
  const flow = entry && (workflows.get(entry.wf) ?? retired.get(entry.wf));
  if (!entry || !lease || !flow) return undefined;
  const { id: wf, tenant, type, status } = flow;
  const shown = { startedAtMs: 1, digest: '', body: '{}' };
  const view: View = { wf, version: entry.to, tenant, type, status, ...shown };
  const epoch = lease.epoch - p.older;
  return {
    name: 'project',
    args: [p.owner, epoch, entry.id, view],
    onModel: (model) => model.project(0, 'views', p.owner, epoch, entry.id, [view]),
    onStore: () => run.store.project(0, 'views', p.owner, epoch, run.serverId(entry.id), [view]),
  };
}

/** Of those that have ended, that are gone, or that go on. */
export function retireCall(
  run: Run,
  p: { wf: string; keepMs: number; tombstoneMs: number; missed: number; late: number },
): Call | undefined {
  const { workflows, retired, ended, timers } = run.model;
  const flow = workflows.get(p.wf) ?? retired.get(p.wf);
  if (!flow) return undefined;
  const its = [...timers.keys()].map((name) => name.split(' ')).filter(([wf]) => wf === p.wf);
  const ops = its.filter(([, , what = '']) => !what.startsWith('!'));
  const item: Retirement = {
    wf: flow.id,
    version: flow.log.length - p.missed,
    endedAtMs: (ended.get(p.wf) ?? 0) - p.late,
    result: flow.status === 'completed' ? '{}' : null,
    timers: ops.map(([, task, op]) => ({ task: task as TaskId, op: Number(op) })),
  };
  const times = { keepMs: p.keepMs, tombstoneMs: p.tombstoneMs, putOffMs: 1000 };
  return {
    name: 'retire',
    args: [times, item],
    onModel: (model) => model.retire(0, times, [item]),
    onStore: () => run.store.retire(0, times, [item]),
  };
}

export function trimCall(run: Run): Call {
  return {
    name: 'trim',
    args: [],
    onModel: (model) => model.trim(0, ['views']),
    onStore: () => run.store.trim(0, ['views']),
  };
}
