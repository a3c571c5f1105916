// A workflow as people and programs look at it: folded from its log alone, so that every machine and every
// rebuild comes to the same bytes (G8).

import type { Version, WorkflowId } from '../events/event.js';
import type { Merges, State } from '../shared-state/shared-state.js';
import type { ErrorChain } from '../failure/error-chain.js';
import type { EffectView } from './effects.js';
import type { HeldView } from './held.js';
import type { ParkedView } from './parked.js';
import type { TaskView } from './tasks.js';
import { EMPTY_TIMELINE, type Timeline } from './timeline.js';

export type WorkflowStatus =
  | 'running'
  /** Waits for a person. */
  | 'parked'
  /** Its open tasks settle what they had begun; then what was committed is undone, if it is to be. */
  | 'cancelling'
  | 'rolling-back'
  | 'cancelled'
  | 'completed'
  /** Nobody caught a failure, or a person gave it up. */
  | 'failed';

/** Of the record below: a projector that finds another one in a stored view folds that view anew. */
export const VIEW_LAYOUT = 3;

export interface WorkflowView {
  readonly layout: typeof VIEW_LAYOUT;
  readonly id: WorkflowId;
  /** Version of the last event that is in it; 0 before the first. */
  readonly version: Version;
  readonly type: string;
  /** Of the workflow's contract when it was started. */
  readonly typeVersion: number;
  readonly tenant: string;
  readonly status: WorkflowStatus;
  readonly startedAtMs: number;
  /** Of the last event. */
  readonly updatedAtMs: number;
  /** Null until it is completed, failed or cancelled. */
  readonly endedAtMs: number | null;
  readonly merges: Merges;
  /** The shared state. */
  readonly state: State;
  /** What the workflow came to, and the version of the contract that it was written in; null before. */
  readonly result: { readonly version: number; readonly data: unknown } | null;
  /** Null when nobody asked. */
  readonly cancel: { readonly reason: string; readonly by: string } | null;
  /** Null while nothing is undone. */
  readonly rollback: RollbackView | null;
  /** Why a person holds its tasks, and since when; null while nobody does. */
  readonly held: HeldView | null;
  /**
   * What waits for a person's decision. Empty unless the status is `parked`, or `completed` while an effect is in doubt
   * whose call was no longer wanted.
   */
  readonly parked: readonly ParkedView[];
  /** In the order in which they were scheduled; the first is the root. */
  readonly tasks: readonly TaskView[];
  /** In the order in which they were first intended. */
  readonly effects: readonly EffectView[];
  readonly timeline: Timeline;
  /** The first event that could not follow on those before it; null in a sound log. */
  readonly defect: { readonly version: Version; readonly message: string } | null;
}

/** Why what was committed is undone, and how far that has come. */
export interface RollbackView {
  readonly reason: string;
  /** A person, or `policy`. */
  readonly by: string;
  /** The failure that began it; empty when it was a decision. */
  readonly error: ErrorChain;
  readonly sinceMs: number;
  /** Effects up to this version stand; null when none is to be undone. */
  readonly to: Version | null;
  /** Effects that are undone. */
  readonly undone: number;
  /** Effects that still stand and are to be undone. */
  readonly left: number;
}

/** The view before the first event. */
export const initialView = (id: WorkflowId): WorkflowView => ({
  layout: VIEW_LAYOUT,
  id,
  version: 0,
  type: '',
  typeVersion: 0,
  tenant: '',
  status: 'running',
  startedAtMs: 0,
  updatedAtMs: 0,
  endedAtMs: null,
  merges: {},
  state: {},
  result: null,
  cancel: null,
  rollback: null,
  held: null,
  parked: [],
  tasks: [],
  effects: [],
  timeline: EMPTY_TIMELINE,
  defect: null,
});

/** The one text of a view. A fold comes to its fields in the order of the log, however it is cut: so to the same bytes. */
export const viewJson = (view: WorkflowView): string => JSON.stringify(view);

/** Reads what {@link viewJson} wrote; null when it has another layout. */
export function parseView(json: string): WorkflowView | null {
  const view = JSON.parse(json) as WorkflowView | { readonly layout?: number };
  return view.layout === VIEW_LAYOUT ? (view as WorkflowView) : null;
}
