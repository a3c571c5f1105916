// What must hold of every log, whatever its program did.

import {
  evolveView,
  type EventType,
  initialView,
  type RecordedEvent,
  ROLLBACK,
  type WorkflowId,
} from '@lockstep/kernel';

/** Events of which an operation has at most one. */
const RESULTS: ReadonlySet<EventType> = new Set<EventType>([
  ...(['StepCompleted', 'EffectCommitted', 'EffectAdopted', 'EffectRejected'] as const),
  ...(['StateChanged', 'TimerFired', 'SignalTaken', 'SavepointReached', 'Patched'] as const),
]);
/** Events of which a workflow has one in all, at its end. */
const ENDS: ReadonlySet<EventType> = new Set<EventType>([
  'WorkflowCompleted',
  'WorkflowFailed',
  'WorkflowCancelled',
]);
/** Timers of attempts fire as often as an operation is tried. */
const OF_ATTEMPTS: ReadonlySet<EventType> = new Set<EventType>([
  'EffectNotPerformed',
  'StepFailed',
  'AttemptDeferred',
]);

/** What a task that is no longer wanted may not record any more: only the outcome of its open effects is. */
const BEGINNINGS: ReadonlySet<EventType> = new Set<EventType>([
  ...(['TaskScheduled', 'TimerSet', 'EffectIntended', 'CallCancelled'] as const),
  ...(['StepCompleted', 'StateChanged', 'SavepointReached', 'Patched', 'SignalTaken'] as const),
  ...(['TaskSuspended', 'TaskHandedOff', 'TaskCompleted', 'TaskFailed'] as const),
]);

/** What is wrong with a log, in words; nothing when it is one history. */
export const logFaults = (events: readonly RecordedEvent[]): string[] => [
  ...gaps(events),
  ...doubledResults(events),
  ...oldWriters(events),
  ...ends(events),
  ...unordered(events),
  ...unwanted(events),
  ...defects(events),
];

/** G1 */
function gaps(events: readonly RecordedEvent[]): string[] {
  const at = events.findIndex(({ version }, index) => version !== index + 1);
  return at < 0 ? [] : [`G1: version ${events[at]?.version} stands where ${at + 1} belongs`];
}

/** G4 */
function doubledResults(events: readonly RecordedEvent[]): string[] {
  const retried = new Set(events.filter(({ type }) => OF_ATTEMPTS.has(type)).map(operation));
  const results = events.filter(
    (event) =>
      RESULTS.has(event.type) && !(event.type === 'TimerFired' && retried.has(operation(event))),
  );
  const seen = new Set<string>();
  return results.flatMap((event) => {
    const id = operation(event);
    if (seen.has(id)) return `G4: operation ${id} has a second result, ${event.type}`;
    seen.add(id);
    return [];
  });
}

const operation = ({ task, op }: RecordedEvent): string => `${task} ${op}`;

/** G2: what a claim writes comes before the next claim of its task. */
function oldWriters(events: readonly RecordedEvent[]): string[] {
  const epochs = new Map<string, number>();
  return events.flatMap(({ type, task, epoch, version }) => {
    if (task === '' || epoch === 0 || type === 'TaskScheduled') return []; // its caller wrote that
    const newest = epochs.get(task) ?? 0;
    epochs.set(task, Math.max(newest, epoch));
    if (type === 'TaskStarted' && epoch === newest)
      return `G2: epoch ${epoch} of ${task} was granted twice, at version ${version}`;
    if (epoch >= newest) return [];
    return `G2: epoch ${epoch} wrote ${type} of ${task} at version ${version}, after epoch ${newest}`;
  });
}

/** G6 */
function ends(events: readonly RecordedEvent[]): string[] {
  const found = events.filter(({ type }) => ENDS.has(type));
  return found.length === 1 ? [] : [`G6: it has ${found.length} ends`];
}

/** What is undone is undone once each, the newest first. */
function unordered(events: readonly RecordedEvent[]): string[] {
  const undone = events.flatMap((event) =>
    event.type === 'EffectCompensated' ? event.meta.of : [],
  );
  return undone.flatMap((version, at) =>
    at > 0 && version >= (undone[at - 1] ?? 0)
      ? `G6: the effect at version ${version} was undone after that at ${undone[at - 1]}`
      : [],
  );
}

/** G6: what was cancelled, alone or with its workflow, begins nothing more. */
function unwanted(events: readonly RecordedEvent[]): string[] {
  const ended: ((task: string) => boolean)[] = [];
  return events.flatMap(({ type, task, op, version }) => {
    const isUnwanted = BEGINNINGS.has(type) && ended.some((covers) => covers(task));
    if (type === 'CallCancelled') ended.push(within(`${task}.${op}`));
    if (type === 'CancelRequested' || type === 'RollbackStarted') ended.push(isOfNoRollback);
    return isUnwanted ? `G6: ${type} of ${task} at version ${version}, after it was cancelled` : [];
  });
}

const within = (root: string) => (task: string) => task === root || task.startsWith(`${root}.`);
const isOfNoRollback = (task: string): boolean => task !== '' && !task.startsWith(ROLLBACK);

/** G8 */
function defects(events: readonly RecordedEvent[]): string[] {
  const { defect } = evolveView(initialView('' as WorkflowId), events);
  return defect === null ? [] : [`G8: the log cannot be folded: ${defect.message}`];
}
