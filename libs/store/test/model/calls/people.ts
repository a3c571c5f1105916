import type { NewEvent, TaskId, WorkflowId } from '@lockstep/kernel';
import type { Call, Run } from '../run.js';
import { pick } from './picks.js';

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
