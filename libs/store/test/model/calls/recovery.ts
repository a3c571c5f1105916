import type { ClaimId, TaskId, WorkerId } from '@lockstep/kernel';
import type { HeldTask } from '../../../src/index.js';
import type { Call, Run } from '../run.js';

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
