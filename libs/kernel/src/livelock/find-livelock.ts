// Whether work goes round without progress, as the log tells it when a task is about to ask for another.
//
//   L1. The way is that of the asking: from the root over calls and handoffs to the task that asks now. What runs beside
//       it does not count.
//   L2. It goes round when the same task of the same role is asked the same, text by text, for the third time with no
//       progress since the first: the third would do what the second did.
//   L3. Progress is what outlives the asking or comes from outside of it: an effect, a change of shared state, a signal,
//       time that was waited for, a person's decision. The result of a step is none: a model that is asked the same again
//       and answers the same again is the circle that this is about.
//   L4. It is lost when it is longer than the limit, whatever it asks. A person who sends a task of it again grants as
//       much again.

import type { EventType, RecordedEvent, TaskId, Version } from '../events/event.js';

/** What a task is asked to do. */
export interface Asked {
  readonly role: string;
  readonly name: string;
  /** JSON text of the request. */
  readonly data: string;
}

/** One task of the way; `version` is that of its TaskScheduled. */
export interface Hop extends Asked {
  readonly task: TaskId;
  readonly version: Version;
}

export interface Livelock {
  readonly why: 'circle' | 'hops';
  /** Calls and handoffs from the root, or from where a person sent it again, up to the one that is asked for now. */
  readonly hops: number;
  /** The way, oldest first: from the first of those that were asked the same, or its last {@link SHOWN}. */
  readonly way: readonly Hop[];
}

/** Times that the same may be asked without progress; the next one is a circle. */
export const SAME_ASKED = 2;
/** Hops that are shown of a way that is only long. */
const SHOWN = 16;

const DECISIONS = new Set<EventType>(['TaskReopened', 'EffectSettled']);
const PROGRESS = new Set<EventType>([
  ...DECISIONS,
  'EffectCommitted',
  'EffectAdopted',
  'StateChanged',
  'SignalTaken',
  'TimerFired',
  'OperationSkipped',
]);

/**
 * The livelock that `by` would go on with by asking this.
 *
 * @param events - the whole log
 * @param by - the task that asks
 * @param maxHops - hops that are allowed
 * @returns null when there is none
 */
export function findLivelock(
  events: readonly RecordedEvent[],
  by: TaskId,
  asked: Asked,
  maxHops: number,
): Livelock | null {
  const way = wayTo(events, by);
  const hops = hopsOf(events, way);
  const same = way.filter((hop) => isSame(hop, asked));
  const [first] = same;
  const since = first ? lastProgress(events, first.task) : 0;
  const again = same.filter(({ version }) => version > since);
  const [oldest] = again;
  if (oldest && again.length >= SAME_ASKED)
    // L2
    return { why: 'circle', hops, way: way.slice(way.indexOf(oldest)) };
  return hops > maxHops ? { why: 'hops', hops, way: way.slice(-SHOWN) } : null; // L4
}

/** L1: from the root to this task. */
function wayTo(events: readonly RecordedEvent[], task: TaskId): Hop[] {
  const scheduled = new Map<TaskId, RecordedEvent<'TaskScheduled'>>();
  for (const event of events) {
    if (event.type === 'TaskScheduled') scheduled.set(event.task as TaskId, event);
  }
  const way: Hop[] = [];
  for (
    let at = scheduled.get(task);
    at;
    at = at.meta.by ? scheduled.get(at.meta.by.task) : undefined
  ) {
    const { version, data, meta } = at;
    way.unshift({ task: at.task as TaskId, role: meta.role, name: meta.name, data, version });
  }
  return way;
}

/** Of the task that is asked for now, which is one behind the way. */
function hopsOf(events: readonly RecordedEvent[], way: readonly Hop[]): number {
  const sentAgain = new Set(
    events.filter(({ type }) => DECISIONS.has(type)).map(({ task }) => task),
  );
  const from = way.findLastIndex(({ task }) => sentAgain.has(task));
  return way.length - Math.max(from, 0);
}

/** Of the last progress of this task or of any that it asked for, directly or not; 0 when there was none. */
function lastProgress(events: readonly RecordedEvent[], task: TaskId): Version {
  const isBelow = (id: string): boolean => id === task || id.startsWith(`${task}.`);
  return events.findLast((event) => PROGRESS.has(event.type) && isBelow(event.task))?.version ?? 0;
}

const isSame = (a: Asked, b: Asked): boolean =>
  a.role === b.role && a.name === b.name && a.data === b.data;
