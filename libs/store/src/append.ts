import type {
  ClaimId,
  NewEvent,
  OperationNumber,
  TaskId,
  Version,
  WaitSpec,
  WorkflowId,
} from '@lockstep/kernel';

/** Why a task leaves its worker with an append. */
export type Release =
  | { readonly as: 'completed' | 'failed' | 'handed-off' | 'parked' | 'queued' | 'cancelled' }
  | { readonly as: 'suspended'; readonly waits: WaitSpec };

/** One event, and what the store has to do with it. */
export interface AppendItem {
  readonly event: NewEvent;
  /** The event schedules a task: deliver it to this inbox, its outcome to that address. */
  readonly deliver?: {
    readonly inbox: string;
    readonly returnTo: { readonly task: TaskId; readonly op: OperationNumber } | null;
  };
  /** Fields of the shared state that the event writes; `expected` is the version one was read at, null for any. */
  readonly fields?: readonly { readonly name: string; readonly expected: Version | null }[];
  /** The event takes this signal. */
  readonly take?: { readonly name: string; readonly version: Version };
  /** The event sets a timer for its operation. */
  readonly timerMs?: number;
}

export interface Append {
  readonly wf: WorkflowId;
  readonly task: TaskId;
  readonly claim: ClaimId;
  /** Counts the appends under this claim from 1 (S3). */
  readonly number: number;
  /** Version up to which the task has read what was addressed to it (S8). */
  readonly readUpTo: Version;
  readonly items: readonly AppendItem[];
  /** Operations whose timers are no longer wanted. */
  readonly untimers?: readonly OperationNumber[];
  readonly release?: Release;
  /** A dead letter of the role where the failure began, with what a person needs to judge it. */
  readonly dead?: {
    readonly role: string;
    readonly task: TaskId;
    readonly meta: Readonly<Record<string, unknown>>;
  };
}

/** The arguments of one append, as `functions/append.lua` reads them. */
export function encodeAppend(a: Append): (string | number)[] {
  return [
    ...[a.wf, a.task, a.claim, a.number, a.readUpTo, a.release?.as ?? ''],
    ...a.items.flatMap(encodeItem),
    ...(a.untimers ?? []).flatMap((op) => ['untimer', op]),
    ...(a.release?.as === 'suspended' ? encodeWaits(a.release.waits) : []),
    ...(a.dead === undefined
      ? []
      : ['dead', a.dead.role, a.dead.task, JSON.stringify(a.dead.meta)]),
    'end',
  ];
}

function encodeItem({
  event,
  deliver,
  fields = [],
  take,
  timerMs,
}: AppendItem): (string | number)[] {
  const args: (string | number)[] = [
    'event',
    event.type,
    event.task,
    event.op,
    JSON.stringify(event.meta),
    event.data,
  ];
  if (deliver)
    args.push('deliver', deliver.inbox, deliver.returnTo?.task ?? '-', deliver.returnTo?.op ?? 0);
  for (const field of fields) args.push('field', field.name, field.expected ?? -1);
  if (take) args.push('take', take.name, take.version);
  if (timerMs !== undefined) args.push('timer', event.op, Math.ceil(timerMs));
  return args;
}

/** Each group by its index; an operation that wakes alone is a group of one. */
function encodeWaits({ any, all, signals }: WaitSpec): (string | number)[] {
  const groups = [...all, ...any.map((op) => [op])];
  return [
    ...groups.flatMap((ops, group) => ops.flatMap((op) => ['wait', op, group, ops.length])),
    ...signals.flatMap((name) => ['listen', name]),
  ];
}
