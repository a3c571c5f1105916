import type { RecordedEvent, TaskId, Version, WorkflowId } from '../events/event.js';
import { initialState, StateFold } from '../shared-state/shared-state.js';
import { concernedBy, ImpossibleTransition } from '../task-state/task-state.js';
import { evolveEffects } from './effects.js';
import { parkedOf } from './parked.js';
import { progressOf, rollbackOf } from './rollback.js';
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
  ended: EndedStatus | null;
};
type EndedStatus = Extract<WorkflowStatus, 'completed' | 'cancelled' | 'failed'>;
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function draftOf({ tasks, state, status, parked, ...view }: WorkflowView): Draft {
  const cancelled = parked.find(({ reason }) => reason === 'CancelledWithEffects');
  return {
    ...view,
    tasks: new Map(tasks.map((task) => [task.id, task])),
    shared: new StateFold(state, view.merges),
    cancelledWithEffectsAtMs: cancelled?.sinceMs ?? null,
    ended: isEnded(status) ? status : null,
  };
}

const isEnded = (status: WorkflowStatus): status is EndedStatus =>
  status === 'completed' || status === 'cancelled' || status === 'failed';

function viewOf({ ended, shared, cancelledWithEffectsAtMs, ...draft }: Draft): WorkflowView {
  const tasks = [...draft.tasks.values()];
  const { effects, held, cancel } = draft;
  const rollback = draft.rollback && progressOf(draft.rollback, effects);
  const stopping = cancel !== null || rollback !== null || ended !== null;
  const waiting =
    ended === 'cancelled' || ended === 'failed'
      ? []
      : parkedOf({ tasks, effects, held, stopping, cancelledWithEffectsAtMs });
  return {
    ...draft,
    rollback,
    tasks,
    state: shared.state,
    parked: waiting,
    status: ended ?? openStatus(draft, waiting.length),
  };
}

function openStatus(
  { cancel, rollback }: Pick<Draft, 'cancel' | 'rollback'>,
  parked: number,
): WorkflowStatus {
  if (parked > 0) return 'parked';
  if (cancel !== null) return 'cancelling';
  return rollback === null ? 'running' : 'rolling-back';
}

function apply(draft: Draft, event: RecordedEvent): void {
  applyToWorkflow(draft, event);
  draft.shared.add(event);
  draft.effects = evolveEffects(draft.effects, event);
  for (const task of concernedBy(event, draft.tasks.keys())) applyToTask(draft, task, event);
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
      draft.held = null;
      if (event.meta.rollback === true) draft.rollback = rollbackOf(event);
      return;
    case 'RollbackStarted':
      draft.rollback = rollbackOf(event);
      draft.held = null;
      return;
    case 'WorkflowParked': {
      const { reason, by, error = [] } = event.meta;
      if (reason === 'CancelledWithEffects') draft.cancelledWithEffectsAtMs = event.atMs;
      if (by !== undefined) draft.held = { reason, by, error, sinceMs: event.atMs };
      return;
    }
    case 'WorkflowResumed':
      draft.held = null;
      return;
    case 'WorkflowCancelled':
    case 'WorkflowFailed':
      draft.ended = event.type === 'WorkflowFailed' ? 'failed' : 'cancelled';
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

function applyToTask(draft: Draft, task: TaskId, event: RecordedEvent): void {
  try {
    draft.tasks.set(task, evolveTask(draft.tasks.get(task), event));
  } catch (error) {
    if (!(error instanceof ImpossibleTransition)) throw error;
    draft.defect ??= { version: event.version, message: error.message };
  }
}
