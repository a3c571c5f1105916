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
export const applyState = (state: State, merges: Merges, event: RecordedEvent): State =>
  new StateFold(state, merges).add(event).state;

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
  const fold = new StateFold(initialState(merges), merges);
  for (const event of events) {
    if (event.version > upTo) break;
    fold.add(event);
  }
  return fold.state;
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

/**
 * A state while it is folded: lists grow in place, so that a change costs what it adds. The state that it began
 * with stays as it was.
 */
export class StateFold {
  private readonly fields: Record<string, unknown>;
  private readonly lists = new Map<string, unknown[]>();
  private readonly texts = new Map<string, Set<string>>();

  constructor(
    before: State,
    private readonly merges: Merges,
  ) {
    this.fields = { ...before };
  }

  /** As of the last event; not to be used any more once another is added. */
  get state(): State {
    return this.fields;
  }

  add(event: RecordedEvent): this {
    if (event.type !== 'StateChanged') return this;
    const change = JSON.parse(event.data) as Readonly<Record<string, unknown>>;
    for (const [field, value] of Object.entries(change)) this.merge(field, value);
    return this;
  }

  private merge(field: string, value: unknown): void {
    switch (this.merges[field]) {
      case 'append':
        for (const item of value as unknown[]) this.listOf(field).push(item);
        return;
      case 'union':
        this.unite(field, value as unknown[]);
        return;
      case 'sum':
        this.fields[field] = finite((this.fields[field] as number) + (value as number));
        return;
      case 'max':
        this.fields[field] = greater(this.fields[field] as number | undefined, value as number);
        return;
      case 'last':
      case undefined:
        this.fields[field] = value;
    }
  }

  /** What is there, then what is new, each once; two values are one when their canonical JSON is. */
  private unite(field: string, more: readonly unknown[]): void {
    const list = this.listOf(field);
    const texts = this.texts.get(field) ?? new Set(list.map(canonicalJson));
    this.texts.set(field, texts);
    for (const item of more) {
      const text = canonicalJson(item);
      if (!texts.has(text)) list.push(item);
      texts.add(text);
    }
  }

  /** A list of our own. */
  private listOf(field: string): unknown[] {
    const list = this.lists.get(field) ?? [...(this.fields[field] as unknown[])];
    this.lists.set(field, list);
    this.fields[field] = list;
    return list;
  }
}

const finite = (sum: number): number =>
  Math.max(-Number.MAX_VALUE, Math.min(sum, Number.MAX_VALUE));

const greater = (before: number | undefined, value: number): number =>
  before === undefined ? value : Math.max(before, value);
