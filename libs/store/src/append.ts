import type {
  ClaimId,
  EventMeta,
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
  /** The event ends this task, and all that it called: who works on them is fenced. */
  readonly cancel?: TaskId;
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
  /** Tasks that this workflow may have, ended ones included; default and at most that of the store. */
  readonly tasksLimit?: number;
  /** Operations whose timers are no longer wanted. */
  readonly untimers?: readonly OperationNumber[];
  readonly release?: Release;
  /** With the release of a failed root: its last event begins a rollback to this version; null undoes nothing. */
  readonly rollback?: { readonly to: Version | null };
  /** A dead letter of the role where the failure began, with what a person needs to judge it. */
  readonly dead?: {
    readonly role: string;
    readonly task: TaskId;
    readonly meta: Readonly<Record<string, unknown>>;
  };
}

/** The arguments of one append, as `functions/append.lua` reads them. */
export function encodeAppend(a: Append): string[] {
  const release = a.release?.as ?? 'record';
  const lines = [`append ${a.wf} ${a.task} ${a.claim} ${a.number} ${a.readUpTo} ${release}`];
  for (const item of a.items) encodeItem(item, lines);
  if (a.tasksLimit !== undefined) lines.push(`limit ${a.tasksLimit}`);
  for (const op of a.untimers ?? []) lines.push(`untimer ${op}`);
  if (a.release?.as === 'suspended') encodeWaits(a.release.waits, lines);
  if (a.rollback) lines.push(`rollback ${a.rollback.to ?? '-'}`);
  if (a.dead) lines.push(`dead ${a.dead.role} ${a.dead.task}`, JSON.stringify(a.dead.meta));
  return lines;
}

function encodeItem(
  { event, deliver, fields, take, timerMs, cancel }: AppendItem,
  lines: string[],
): void {
  const { type, task, op, meta, data } = event;
  lines.push(`event ${type} ${task === '' ? '-' : task} ${op}`, `${JSON.stringify(meta)}\n${data}`);
  if (deliver) lines.push(encodeDelivery(deliver, meta as EventMeta['TaskScheduled']));
  for (const field of fields ?? []) lines.push(`field ${field.expected ?? -1} ${field.name}`);
  if (cancel) lines.push(`cancel ${cancel}`);
  if (take) lines.push(`take ${take.version} ${take.name}`);
  if (timerMs !== undefined) lines.push(`timer ${op} ${Math.ceil(timerMs)}`);
}

function encodeDelivery(
  { inbox, returnTo }: NonNullable<AppendItem['deliver']>,
  { name }: EventMeta['TaskScheduled'],
): string {
  return `deliver ${inbox} ${name} ${returnTo?.task ?? '-'} ${returnTo?.op ?? 0}`;
}

/** Each group by its index; an operation that wakes alone is a group of one. */
function encodeWaits({ any, all, signals }: WaitSpec, lines: string[]): void {
  const groups = [...all, ...any.map((op) => [op])];
  groups.forEach((ops, group) => {
    for (const op of ops) lines.push(`wait ${op} ${group} ${ops.length}`);
  });
  for (const name of signals) lines.push(`listen ${name}`);
}
