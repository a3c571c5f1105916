// What has to be known of an ended workflow before it can leave.

import {
  evolveView,
  initialView,
  type RecordedEvent,
  type TaskId,
  type WorkflowView,
} from '@lockstep/kernel';
import type { EndedWorkflow, Retirement } from '@lockstep/store';

export interface Leaving {
  readonly view: WorkflowView;
  readonly events: readonly RecordedEvent[];
  readonly retirement: Retirement;
}

/**
 * @param events - all that were read of its log
 * @returns null when these are not all, or do not fold to an end: it has to stay
 */
export function leavingOf(ended: EndedWorkflow, events: readonly RecordedEvent[]): Leaving | null {
  const view = folded(ended, events);
  if (view?.version !== ended.version || view.endedAtMs === null) return null;
  const result = view.status === 'completed' ? resultOf(events) : null;
  const { wf, version, endedAtMs } = ended;
  const retirement = { wf, version, endedAtMs, result, timers: timersOf(events) };
  return { view, events, retirement };
}

/** What the store is told of one that has to stay: that nothing was read of it. */
export const stayingOf = ({ wf, endedAtMs }: EndedWorkflow): Retirement => ({
  ...{ wf, endedAtMs, version: 0 },
  ...{ result: null, timers: [] },
});

function folded({ wf }: EndedWorkflow, events: readonly RecordedEvent[]): WorkflowView | null {
  try {
    return evolveView(initialView(wf), events);
  } catch {
    return null; // the projector counts and logs it
  }
}

/** The end of the root, or of the task that it was handed off to. */
const resultOf = (events: readonly RecordedEvent[]): string | null =>
  events.findLast((event) => event.type === 'TaskCompleted' && event.meta.returnTo === null)
    ?.data ?? null;

/** Any operation may have set one: to sleep, or to wait for its next attempt. */
function timersOf(events: readonly RecordedEvent[]): Retirement['timers'] {
  const operations = events.filter(({ op }) => op > 0).map(({ task, op }) => `${task} ${op}`);
  return [...new Set(operations)].map((operation) => {
    const [task, op] = operation.split(' ') as [TaskId, string];
    return { task, op: Number(op) };
  });
}
