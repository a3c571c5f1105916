// A workflow as data: what its tasks do, in what order and side by side. Agents interpret it, the oracle foretells it.

/** Every role can do every task. */
export const ROLES = ['north', 'east', 'south'] as const;
export type RoleName = (typeof ROLES)[number];

/** What settles an effect in doubt: its provider honours the key, can be asked, or both. */
export const PROVIDERS = ['key', 'probe', 'both'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** What undoes an effect: an action of its own, a task of another role, or nothing because it may stand. */
export const REVERSES = ['action', 'task', 'none'] as const;
export type Reverse = (typeof REVERSES)[number];

/** A program waits for each of them once at most. */
export const SIGNALS = ['red', 'green', 'blue'] as const;
export type SignalName = (typeof SIGNALS)[number];

/** What a task does: `id` is unique in its program, and names what is done there. */
export type Part = Leaf | Composite;

export type Leaf = Step | Act | Sleep | Wait | Count | Savepoint | Change | Failure;
export type Composite = Sequence | Concurrent | Race | Call | Attempt;

export interface Step {
  readonly kind: 'step';
  readonly id: number;
  readonly workMs: number;
}

/** An effect. Two of one program may share a key: then it is done once for both. */
export interface Act {
  readonly kind: 'act';
  readonly id: number;
  readonly key: string;
  readonly provider: Provider;
  readonly reverse: Reverse;
}

export interface Sleep {
  readonly kind: 'sleep';
  readonly id: number;
  readonly ms: number;
}

export interface Wait {
  readonly kind: 'wait';
  readonly id: number;
  readonly signal: SignalName;
}

/** Adds to the shared state: by a merge, or by an update that another writer may forestall. */
export interface Count {
  readonly kind: 'count';
  readonly id: number;
  readonly by: 'merge' | 'update';
  readonly amount: number;
}

export interface Savepoint {
  readonly kind: 'savepoint';
  readonly id: number;
}

/** What a later release of the agents does otherwise than an earlier one, behind `patched`. */
export interface Change {
  readonly kind: 'change';
  readonly id: number;
}

/** Never succeeds: a step fails, the handler throws, or the outside world refuses. */
export interface Failure {
  readonly kind: 'failure';
  readonly id: number;
  readonly by: 'step' | 'throw' | 'refusal';
}

export interface Sequence {
  readonly kind: 'sequence';
  readonly id: number;
  readonly parts: readonly Part[];
}

/** Side by side: `all` fails with the first that fails, `settled` waits for every one. */
export interface Concurrent {
  readonly kind: 'all' | 'settled';
  readonly id: number;
  readonly parts: readonly Part[];
}

/** The first one counts; none of them fails. */
export interface Race {
  readonly kind: 'race';
  readonly id: number;
  readonly parts: readonly Runner[];
  /** Whether calls that lost are cancelled; else they go on. */
  readonly cancels: boolean;
}

export type Runner = Step | Sleep | Wait | Call;

export interface Call {
  readonly kind: 'call';
  readonly id: number;
  readonly task: Task;
}

/** Tries one thing, and does another when that fails. */
export interface Attempt {
  readonly kind: 'attempt';
  readonly id: number;
  readonly body: Part;
  readonly otherwise: Part;
}

export interface Task {
  readonly role: RoleName;
  readonly body: Part;
  /** Finishes this task in its place. */
  readonly handoff?: Task;
}

/** What follows when nobody catches a failure. */
export const POLICIES = ['compensate', 'continue'] as const;
export type Policy = (typeof POLICIES)[number];

export interface Program {
  /** Of the first role. */
  readonly root: Task;
  readonly policy: Policy;
}

/** What a task answers; the same in every run, except for who won a race. */
export type Value = string | readonly Value[];

/** What an error says of the failure in which it began. */
export const failureText = (id: number): string => `fails at ${id}`;

/** The failure in which an error began; undefined when it was none of the program's. */
export function failureIn(message: string): number | undefined {
  const [, id] = /fails at (\d+)$/.exec(message) ?? [];
  return id === undefined ? undefined : Number(id);
}

/** Everything that a part does, itself first. */
export function* partsOf(part: Part): Generator<Part> {
  yield part;
  for (const inner of innerParts(part)) yield* partsOf(inner);
}

function innerParts(part: Part): readonly Part[] {
  switch (part.kind) {
    case 'sequence':
    case 'all':
    case 'settled':
    case 'race':
      return part.parts;
    case 'call':
      return bodiesOf(part.task);
    case 'attempt':
      return [part.body, part.otherwise];
    default:
      return [];
  }
}

/** A task's body, and those of the tasks that it is handed to. */
export const bodiesOf = ({ body, handoff }: Task): readonly Part[] =>
  handoff ? [body, ...bodiesOf(handoff)] : [body];

/** The signals that a program waits for. */
export function signalsOf({ root }: Program): readonly SignalName[] {
  const parts = bodiesOf(root).flatMap((body) => [...partsOf(body)]);
  return parts.flatMap((part) => (part.kind === 'wait' ? part.signal : []));
}
