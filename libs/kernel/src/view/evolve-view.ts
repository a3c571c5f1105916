import type { RecordedEvent, TaskId, Version, WorkflowId } from '../events/event.js';
import { initialState, StateFold } from '../shared-state/shared-state.js';
import { ImpossibleTransition } from '../task-state/task-state.js';
import { evolveEffects } from './effects.js';
import { parkedOf } from './parked.js';
import { evolveTask, type TaskView } from './tasks.js';
import { extendTimeline } from './timeline.js';
import { initialView, type WorkflowStatus, type WorkflowView } from './workflow-view.js';

/**
 * A view after more events of its workflow. Events that it has already change nothing.
 *
 * An event that cannot follow is kept as the view's `defect` and moves no task: a broken log can still be
 * looked at.
 *
 * @param events - in order; the first may be any up to the one behind the view's version
 */
export function evolveView(view: WorkflowView, events: readonly RecordedEvent[]): WorkflowView {
  const news = events.filter(({ version }) => version > view.version);
  const last = news.at(-1);
  if (!last) return view;
  const draft = draftOf(view);
  for (const event of news) apply(draft, event);
  return {
    ...viewOf(draft),
    version: last.version,
    updatedAtMs: last.atMs,
    timeline: extendTimeline(view.timeline, news),
  };
}

/**
 * The view of a workflow as it was at a version.
 *
 * @param events - its log from the beginning; later ones do not count
 */
export function stateAt(
  id: WorkflowId,
  events: readonly RecordedEvent[],
  version: Version,
): WorkflowView {
  const past = events.filter((event) => event.version <= version);
  return evolveView(initialView(id), past);
}

/** A view while it is folded: its tasks by id, so that an event costs the same in a workflow of any size. */
type Draft = Mutable<Omit<WorkflowView, 'tasks' | 'state' | 'status' | 'parked'>> & {
  readonly tasks: Map<TaskId, TaskView>;
  shared: StateFold;
  cancelledWithEffectsAtMs: number | null;
  ended: 'completed' | 'cancelled' | null;
};
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function draftOf({ tasks, state, status, parked, ...view }: WorkflowView): Draft {
  const cancelled = parked.find(({ reason }) => reason === 'CancelledWithEffects');
  return {
    ...view,
    tasks: new Map(tasks.map((task) => [task.id, task])),
    shared: new StateFold(state, view.merges),
    cancelledWithEffectsAtMs: cancelled?.sinceMs ?? null,
    ended: status === 'completed' || status === 'cancelled' ? status : null,
  };
}

function viewOf({ ended, shared, cancelledWithEffectsAtMs, ...draft }: Draft): WorkflowView {
  const tasks = [...draft.tasks.values()];
  const { effects, cancel } = draft;
  const cancelling = cancel !== null;
  const waiting =
    ended === null ? parkedOf({ tasks, effects, cancelling, cancelledWithEffectsAtMs }) : [];
  return {
    ...draft,
    tasks,
    state: shared.state,
    parked: waiting,
    status: ended ?? openStatus(waiting.length, cancelling),
  };
}

function openStatus(parked: number, cancelling: boolean): WorkflowStatus {
  if (parked > 0) return 'parked';
  return cancelling ? 'cancelling' : 'running';
}

function apply(draft: Draft, event: RecordedEvent): void {
  applyToWorkflow(draft, event);
  draft.shared.add(event);
  draft.effects = evolveEffects(draft.effects, event);
  for (const task of concernedBy(draft, event)) applyToTask(draft, task, event);
}

function applyToWorkflow(draft: Draft, event: RecordedEvent): void {
  switch (event.type) {
    case 'WorkflowStarted': {
      const { type, version, tenant, merges = {} } = event.meta;
      const started = { type, tenant, merges, typeVersion: version, startedAtMs: event.atMs };
      Object.assign(draft, started, { shared: new StateFold(initialState(merges), merges) });
      return;
    }
    case 'TaskCompleted':
      if (event.meta.returnTo === null) complete(draft, event);
      return;
    case 'CancelRequested':
      draft.cancel = { reason: event.meta.reason, by: event.meta.by };
      return;
    case 'WorkflowParked':
      if (event.meta.reason === 'CancelledWithEffects') draft.cancelledWithEffectsAtMs = event.atMs;
      return;
    case 'WorkflowCancelled':
      draft.ended = 'cancelled';
      draft.endedAtMs = event.atMs;
      return;
    default:
  }
}

/** The root's outcome is the workflow's, wherever a handoff has passed it on to. */
function complete(draft: Draft, { data, meta, atMs }: RecordedEvent<'TaskCompleted'>): void {
  draft.ended = 'completed';
  draft.endedAtMs = atMs;
  draft.result = { version: meta.version, data: JSON.parse(data || 'null') as unknown };
}

/** The tasks that an event is about: all of them when it cancels the workflow. */
function concernedBy({ tasks }: Draft, event: RecordedEvent): readonly TaskId[] {
  if (event.type === 'CancelRequested') return [...tasks.keys()];
  return event.task === '' ? [] : [event.task];
}

function applyToTask(draft: Draft, task: TaskId, event: RecordedEvent): void {
  try {
    draft.tasks.set(task, evolveTask(draft.tasks.get(task), event));
  } catch (error) {
    if (!(error instanceof ImpossibleTransition)) throw error;
    draft.defect ??= { version: event.version, message: error.message };
  }
}
