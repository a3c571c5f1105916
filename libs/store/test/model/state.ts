// What the store holds, in the terms of the design: everything that can be derived is derived.

import type { Version, WorkflowId } from '@lockstep/kernel';
import type { StartWorkflow, WorkflowStatus } from '../../src/index.js';

export type TaskState =
  'queued' | 'running' | 'waiting' | 'parked' | 'held' | 'completed' | 'failed' | 'cancelled';

export interface Task {
  state: TaskState;
  mode: 'run' | 'settle' | 'undo';
  readonly inbox: string;
  /** Of its contract. */
  readonly name: string;
  /** `-` for a root. */
  readonly returnTask: string;
  readonly returnOp: number;
  readonly born: Version;
  dispatch: number;
  epoch: number;
  claim: string;
  worker: string;
  beat: number;
  /** By the lease clock. */
  deadline: number;
  crashes: number;
  appended: number;
  from: Version;
  to: Version;
  wokenAt: Version;
  /** What a suspended task waits for: each operation's group, and what each group still waits for. */
  waits: { readonly group: Map<string, string>; readonly left: Map<string, number> };
}

export interface Event {
  readonly type: string;
  readonly task: string;
  readonly op: number;
  readonly epoch: number;
  readonly at: number;
  readonly meta: unknown;
  readonly data: string;
}

export interface Workflow {
  readonly id: WorkflowId;
  readonly tenant: string;
  readonly type: string;
  readonly digest: string;
  status: WorkflowStatus;
  /** How it is being ended: 1 as cancelled, 2 as failed; 0 when it is not. */
  cancelling: 0 | 1 | 2;
  readonly log: Event[];
  readonly tasks: Map<string, Task>;
  /** Whatever else the head remembers: versions by `c:`, `signal:`, `sent:`, `taken:`, `f:`. */
  readonly versions: Map<string, Version>;
  readonly listeners: Map<string, string[]>;
  /** Role of each task's dead letter. */
  readonly dead: Map<string, string>;
  /** Effects that are not undone, oldest first: the version of each commit, and its task. */
  readonly standing: Map<Version, string>;
  /** Effects up to this version stand, null when all do; and the version that says so. */
  undo: { readonly upTo: Version | null; readonly began: Version } | undefined;
  /** Version at which a person parked it, until a person sends it on. */
  held: Version | undefined;
}

/** What a tombstone tells. */
export interface Remains {
  readonly digest: string;
  readonly version: Version;
  readonly status: WorkflowStatus;
  readonly result: string;
}

/** One that has just been started, and that has no event yet. */
export const newWorkflow = ({ wf, tenant, type, digest }: StartWorkflow): Workflow => ({
  id: wf,
  tenant,
  type,
  digest,
  status: 'running',
  cancelling: 0,
  log: [],
  tasks: new Map(),
  versions: new Map(),
  listeners: new Map(),
  dead: new Map(),
  standing: new Map(),
  undo: undefined,
  held: undefined,
});

export const newTask = (
  inbox: string,
  name: string,
  returnTask: string,
  returnOp: number,
  born: Version,
): Task => ({
  state: 'queued',
  mode: 'run',
  inbox,
  name,
  returnTask,
  returnOp,
  born,
  dispatch: 1,
  epoch: 0,
  claim: '-',
  worker: '-',
  beat: 0,
  deadline: 0,
  crashes: 0,
  appended: 0,
  from: 0,
  to: 0,
  wokenAt: born,
  waits: { group: new Map(), left: new Map() },
});

export const HAS_ENDED: ReadonlySet<WorkflowStatus> = new Set(['completed', 'failed', 'cancelled']);

export const hasEnded = ({ state }: Task): boolean =>
  state === 'completed' || state === 'failed' || state === 'cancelled';

export const openTasks = (flow: Workflow): [string, Task][] =>
  [...flow.tasks].filter(([, task]) => !hasEnded(task)).sort(byId);

const byId = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;

/** What a person is waited for: parked tasks, those whose failure nobody is left to catch, and all that are held. */
export const parkedTasks = (flow: Workflow): number =>
  Number(flow.held !== undefined) +
  [...flow.tasks.values()].filter(
    ({ state, returnTask }) =>
      state === 'parked' ||
      (state === 'failed' && (returnTask === '~' || (returnTask === '-' && !flow.cancelling))),
  ).length;

const INTENTS: Readonly<Record<string, number>> = {
  EffectIntended: 1,
  EffectCommitted: -1,
  EffectAdopted: -1,
  EffectNotPerformed: -1,
  EffectRejected: -1,
};

/** Effects that a task has begun and that have no outcome. */
export const openIntents = (flow: Workflow, id: string): number =>
  flow.log
    .filter(({ task }) => task === id)
    .reduce((sum, { type }) => sum + (INTENTS[type] ?? 0), 0);

export const mustBeAlone = ({ crashes }: Task): boolean => crashes >= 2;

export const memberOf = (flow: Workflow, id: string): string => `${flow.id} ${id}`;
