import type {
  EventType,
  OperationNumber,
  RecordedEvent,
  TaskId,
  Version,
} from '../events/event.js';

/** What happened, without the payloads: the log has those. */
export interface Timeline {
  /** Of all events of the workflow. */
  readonly count: number;
  /** The last ones, oldest first; at most {@link TIMELINE_LENGTH}. */
  readonly latest: readonly TimelineEntry[];
}

export interface TimelineEntry {
  readonly version: Version;
  readonly type: EventType;
  /** Empty for an event of the workflow itself. */
  readonly task: TaskId | '';
  readonly op: OperationNumber;
  readonly atMs: number;
  /** Of the step, effect, task or signal that it is about, or the reason; empty when there is none. */
  readonly name: string;
}

/** A view is written again with each append, so it does not repeat its whole log. */
export const TIMELINE_LENGTH = 256;

export const EMPTY_TIMELINE: Timeline = { count: 0, latest: [] };

export function extendTimeline(
  { count, latest }: Timeline,
  events: readonly RecordedEvent[],
): Timeline {
  const entries = [...latest, ...events.slice(-TIMELINE_LENGTH).map(entryOf)];
  return { count: count + events.length, latest: entries.slice(-TIMELINE_LENGTH) };
}

const entryOf = (event: RecordedEvent): TimelineEntry => {
  const { version, type, task, op, atMs } = event;
  return { version, type, task, op, atMs, name: nameOf(event) };
};

function nameOf(event: RecordedEvent): string {
  switch (event.type) {
    case 'WorkflowStarted':
      return event.meta.type;
    case 'TaskScheduled':
      return `${event.meta.role}.${event.meta.name}`;
    case 'TaskStarted':
      return event.meta.worker;
    case 'StepCompleted':
    case 'SavepointReached':
    case 'StepFailed':
    case 'SignalReceived':
    case 'SignalTaken':
      return event.meta.name;
    case 'EffectIntended':
    case 'EffectCommitted':
    case 'EffectAdopted':
    case 'EffectCompensated':
      return `${event.meta.action} ${event.meta.key}`;
    case 'AttemptDeferred':
      return event.meta.target;
    case 'EffectSettled':
      return event.meta.verdict;
    case 'StateChanged':
      return event.meta.fields.join(' ');
    case 'Patched':
      return event.meta.id;
    case 'TaskHandedOff':
      return event.meta.to;
    case 'LeaseExpired':
    case 'TaskParked':
    case 'WorkflowParked':
    case 'CancelRequested':
    case 'RollbackStarted':
    case 'CallCancelled':
    case 'WorkflowResumed':
    case 'OperationSkipped':
      return event.meta.reason;
    case 'TaskFailed':
    case 'AttemptFailed':
    case 'EffectNotPerformed':
    case 'EffectRejected':
    case 'EffectInDoubt':
      return event.meta.error[0]?.code ?? '';
    default:
      return '';
  }
}
