import type { TaskId } from '@lockstep/kernel';
import type { Retirement } from '../../../src/index.js';
import type { Call, Run } from '../run.js';

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
