import type { ClaimId, TaskId, WaitSpec } from '@lockstep/kernel';
import type { Append, AppendItem } from '../../../src/index.js';
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
} from '../../support/events.js';
import type { Call, Claim, Run } from '../run.js';
import { hasEnded, type Task, type Workflow } from '../state.js';
import { pick, pickLate, SIGNALS } from './picks.js';

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
