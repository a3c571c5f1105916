// What the operations of the store take and answer.

import type {
  ClaimId,
  EventMeta,
  RecordedEvent,
  TaskId,
  Version,
  WorkerId,
  WorkflowId,
  WorkflowStatus,
} from '@lockstep/kernel';
import type { Escalation, OnFailure, WorkflowLimits } from '@lockstep/contracts';

export type { WorkflowStatus };

export interface StoreLimits {
  /** Tasks a workflow may have, ended ones included; default 4096. */
  readonly tasksPerWorkflow: number;
  /** Times a task may take its process with it while held alone; default 5. */
  readonly crashBudget: number;
  /** How long the outcome of an effect is known to whoever uses its key again, unit ms; 0: for ever; default 90 days. */
  readonly receiptMs: number;
}

const DAY_MS = 86_400_000;

export const DEFAULT_LIMITS: StoreLimits = {
  tasksPerWorkflow: 4096,
  crashBudget: 5,
  receiptMs: 90 * DAY_MS,
};

export interface StartWorkflow {
  readonly wf: WorkflowId;
  readonly tenant: string;
  readonly type: string;
  /** Digest of type and request: the same id with another digest is a conflict. */
  readonly digest: string;
  readonly root: TaskId;
  /** `<role>@<major>` */
  readonly inbox: string;
  readonly started: EventMeta['WorkflowStarted'];
  readonly scheduled: EventMeta['TaskScheduled'];
  /** JSON text. */
  readonly request: string;
  /** What follows when nobody catches a failure; default: it waits for a person. */
  readonly policy?: StartPolicy;
  /** Past these it is held until a person sends it on; default none. */
  readonly limits?: WorkflowLimits;
}

/** How far the counts of a workflow may come before a person looks at it; null where it is not limited. */
export interface ReachedLimits {
  readonly tasks: number | null;
  /** The version of its log. */
  readonly events: number | null;
}

export interface StartPolicy {
  readonly onFailure: OnFailure;
  readonly escalate: Required<Escalation> | null;
  /** The task that runs once after a rollback. */
  readonly after: { readonly inbox: string; readonly scheduled: EventMeta['TaskScheduled'] } | null;
}

export type StartReply =
  | { readonly reply: 'ok'; readonly version: Version }
  | { readonly reply: 'duplicate'; readonly version: Version; readonly status: WorkflowStatus }
  | { readonly reply: 'conflict' };

export interface ClaimTask {
  readonly wf: WorkflowId;
  readonly task: TaskId;
  readonly dispatch: number;
  readonly claim: ClaimId;
  readonly worker: WorkerId;
  readonly beat: number;
  readonly inbox: string;
  /** Id of the inbox's entry. */
  readonly message: string;
  readonly deadlineMs: number;
}

export type ClaimReply =
  | {
      readonly reply: 'ok';
      readonly epoch: number;
      readonly version: Version;
      /** `settle`: the workflow is being cancelled, only the outcome of open effects is wanted. */
      readonly mode: 'run' | 'settle';
      readonly tenant: string;
      readonly type: string;
      /** Version of this claim's TaskStarted. */
      readonly startedAt: Version;
      /** What the task was asked. */
      readonly scheduled: RecordedEvent;
      /** What follows when nobody catches a failure. */
      readonly onFailure: OnFailure;
      readonly limits: ReachedLimits;
    }
  | { readonly reply: 'taken' | 'unregistered' };

export type AppendReply =
  | {
      readonly reply: 'ok' | 'duplicate';
      readonly from: Version;
      readonly to: Version;
      /** Version of the last event that was addressed to the task before this append (S8). */
      readonly wokenAt: Version;
      readonly released: boolean;
    }
  | { readonly reply: 'fenced' }
  | { readonly reply: 'rewound'; readonly number: number }
  | { readonly reply: 'conflict'; readonly what: string; readonly version: Version }
  | { readonly reply: 'limit'; readonly tasks: number };

export interface Signal {
  readonly wf: WorkflowId;
  /** The sender's, against doubles. */
  readonly id: string;
  readonly name: string;
  readonly meta: EventMeta['SignalReceived'];
  readonly payload: string;
}

export type SignalReply =
  | { readonly reply: 'ok' | 'duplicate'; readonly version: Version }
  | { readonly reply: 'ended'; readonly status: WorkflowStatus }
  | { readonly reply: 'unknown' };

/** An end of a workflow before its time. */
export interface EndWorkflow {
  readonly wf: WorkflowId;
  /** The command's own, against doubles. */
  readonly commandId: string;
  readonly reason: string;
  readonly by: string;
}

export type CancelReply =
  | {
      readonly reply: 'ok' | 'duplicate';
      readonly version: Version;
      readonly status: WorkflowStatus;
    }
  | { readonly reply: 'ended'; readonly status: WorkflowStatus }
  | { readonly reply: 'unknown' };

export type ResumeReply =
  | {
      readonly reply: 'ok' | 'duplicate';
      readonly version: Version;
      readonly status: WorkflowStatus;
    }
  | { readonly reply: 'conflict'; readonly what: string; readonly found: string }
  | { readonly reply: 'unknown' };

export interface HeldTask {
  readonly wf: WorkflowId;
  readonly task: TaskId;
  /** Null while the claim is on its way. */
  readonly claim: ClaimId | null;
  /** Version up to which the worker has read. */
  readonly seen: Version;
}

/** What a worker says of itself. */
export interface WorkerAbout {
  /** `<role>@<major>` */
  readonly inbox: string;
  /** What it has been told before; null when nothing. */
  readonly order: DrainOrder | null;
}

/** A person's order to a worker: hand back what it holds, and take no more until it ends. */
export interface DrainOrder {
  readonly by: string;
  readonly reason: string;
  readonly atMs: number;
}

export type DrainReply =
  | { readonly reply: 'ok' | 'duplicate'; readonly order: DrainOrder }
  | { readonly reply: 'unknown' };

export interface HeartbeatReply {
  /** Tasks of the list that the worker no longer holds. */
  readonly lost: readonly { readonly wf: WorkflowId; readonly task: TaskId }[];
  readonly woken: readonly {
    readonly wf: WorkflowId;
    readonly task: TaskId;
    readonly wokenAt: Version;
  }[];
  /** True when the worker had been taken for dead by its connections, and was not. */
  readonly wronglyGivenUp: boolean;
  /** Null unless a person has told it to drain. */
  readonly order: DrainOrder | null;
}

export interface Reservation {
  readonly tenant: string;
  readonly action: string;
  readonly key: string;
  readonly wf: WorkflowId;
  readonly task: TaskId;
  readonly claim: ClaimId;
  readonly epoch: number;
  readonly inputDigest: string;
  /** By the log, unit ms: what tells the task from one of an earlier workflow under the same id. */
  readonly scheduledAtMs: number;
}

export type ReserveReply =
  | { readonly reply: 'reserved' | 'taken-over'; readonly occurrence: number }
  | {
      readonly reply: 'committed';
      readonly occurrence: number;
      readonly receipt: string;
      readonly wf: string;
      readonly task: string;
    }
  | { readonly reply: 'held' | 'conflict'; readonly wf: string; readonly task: string }
  | { readonly reply: 'fenced' };

export type CommitReply =
  | { readonly reply: 'ok' | 'duplicate'; readonly occurrence: number }
  | { readonly reply: 'different'; readonly occurrence: number; readonly receipt: string }
  | { readonly reply: 'conflict'; readonly wf: string; readonly task: string };

export type ReleaseReply =
  | { readonly reply: 'ok' | 'duplicate' | 'fenced' }
  | { readonly reply: 'committed'; readonly occurrence: number; readonly receipt: string };

/** An effect that was committed, and by whom. */
export interface Compensation {
  readonly tenant: string;
  readonly action: string;
  readonly key: string;
  readonly occurrence: number;
  readonly wf: WorkflowId;
  readonly task: TaskId;
}

export type CompensateReply = { readonly reply: 'ok' | 'duplicate' | 'gone' };

export type LeaseReply =
  | { readonly reply: 'ok'; readonly epoch: number; readonly checkpoint: string }
  | { readonly reply: 'taken'; readonly owner: string };

/** What came of the timers of a partition that were due. */
export interface FireReply {
  readonly fired: number;
  readonly more: boolean;
  /** Null when no timer is set. */
  readonly nextInMs: number | null;
  /** How late the first of them was, unit ms; 0 when none was due. */
  readonly lateMs: number;
}

/** A workflow that has ended, as it was read by whoever wants to retire it. */
export interface Retirement {
  readonly wf: WorkflowId;
  /** Up to which its log was read. */
  readonly version: Version;
  readonly endedAtMs: number;
  /** JSON text; null when it came to none. */
  readonly result: string | null;
  /** Timers that it has ever set and that may be set still. */
  readonly timers: readonly { readonly task: TaskId; readonly op: number }[];
}

export interface RetirementTimes {
  /** How long a workflow stays after its end. */
  readonly keepMs: number;
  /** How long a repeated start finds its result after that; 0: not at all. */
  readonly tombstoneMs: number;
  /** After this one that has to stay is looked at again. */
  readonly putOffMs: number;
}

/** What became of it; all but the first leave it as it is. */
export type RetireReply =
  | 'ok'
  /** It is not there any more. */
  | 'gone'
  /** Its time has not come. */
  | 'early'
  /** Something happened to it since it was read. */
  | 'changed'
  /** It has an open task or a dead letter. */
  | 'busy'
  /** Its view does not show its end yet. */
  | 'unprojected'
  /** A later release wrote it. */
  | 'newer';

export interface View {
  readonly wf: WorkflowId;
  readonly version: Version;
  readonly tenant: string;
  readonly type: string;
  readonly status: string;
  readonly startedAtMs: number;
  /** Of the last event that is in it (S11). */
  readonly digest: string;
  /** JSON text. */
  readonly body: string;
  /** Its effects that are not settled, to be listed; default none. Not read back: the body tells more of them. */
  readonly unsettled?: readonly UnsettledPlace[];
}

/** An effect that is in doubt, or waits for a person. */
export interface UnsettledPlace {
  /** Its place among the effects of the view. */
  readonly nth: number;
  readonly sinceMs: number;
}
