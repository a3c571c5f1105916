// The shared state of a workflow: what its StateChanged events add up to (G8).
//
//   Only these merges fold, by the rules that the workflow was started under, so that a later release cannot
//   change an old state. A sum is that of IEEE 754 doubles in the order of the log, and stops at the greatest
//   of them: JSON knows no infinity.

import { canonicalJson } from '../canonical/canonical-json.js';
import type { MergeRule, RecordedEvent, Version } from '../events/event.js';

/** How each field merges, as the workflow's WorkflowStarted tells it. */
export type Merges = Readonly<Record<string, MergeRule>>;
/** Fields by name; a field without a value yet is absent. */
export type State = Readonly<Record<string, unknown>>;

/** What the state is before the first change. */
export function initialState(merges: Merges): State {
  const state: Record<string, unknown> = {};
  for (const [field, merge] of Object.entries(merges)) {
    if (merge === 'append' || merge === 'union') state[field] = [];
    if (merge === 'sum') state[field] = 0;
  }
  return state;
}

/** The state after one more event; anything but a StateChanged leaves it as it is. */
export function applyState(state: State, merges: Merges, event: RecordedEvent): State {
  if (event.type !== 'StateChanged') return state;
  const change = JSON.parse(event.data) as Readonly<Record<string, unknown>>;
  const next: Record<string, unknown> = { ...state };
  for (const [field, value] of Object.entries(change)) {
    next[field] = merged(merges[field], state[field], value);
  }
  return next;
}

/**
 * The state after these events of one workflow, in order.
 *
 * @param upTo - version of the last event that counts; default: all of them
 */
export function foldState(
  merges: Merges,
  events: readonly RecordedEvent[],
  upTo = Infinity,
): State {
  let state = initialState(merges);
  for (const event of events) {
    if (event.version > upTo) break;
    state = applyState(state, merges, event);
  }
  return state;
}

/** The merges that a log begins with; none when the workflow declares no state. */
export function mergesOfLog(events: readonly RecordedEvent[]): Merges {
  const [started] = events;
  return started?.type === 'WorkflowStarted' ? (started.meta.merges ?? {}) : {};
}

/** Version of the last change of a field; 0 before the first. */
export function fieldVersion(events: readonly RecordedEvent[], field: string): Version {
  const last = events.findLast(
    (event) => event.type === 'StateChanged' && event.meta.fields.includes(field),
  );
  return last?.version ?? 0;
}

function merged(merge: MergeRule | undefined, before: unknown, value: unknown): unknown {
  switch (merge) {
    case 'append':
      return [...(before as unknown[]), ...(value as unknown[])];
    case 'union':
      return united(before as unknown[], value as unknown[]);
    case 'sum':
      return finite((before as number) + (value as number));
    case 'max':
      return before === undefined ? value : Math.max(before as number, value as number);
    case 'last':
    case undefined:
      return value;
  }
}

const finite = (sum: number): number =>
  Math.max(-Number.MAX_VALUE, Math.min(sum, Number.MAX_VALUE));

/** What is there, then what is new, each once; two values are one when their canonical JSON is. */
function united(before: readonly unknown[], more: readonly unknown[]): unknown[] {
  const items = [...before, ...more].map((item) => [canonicalJson(item), item] as const);
  const first = new Map<string, unknown>();
  for (const [text, item] of items) if (!first.has(text)) first.set(text, item);
  return [...first.values()];
}
