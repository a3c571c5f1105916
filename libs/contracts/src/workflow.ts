import { checkLimits, type WorkflowLimits } from './limits.js';
import { checkName, checkVersion } from './names.js';
import type { PayloadClass, VersionedPayload, VersionOptions } from './payload.js';
import { checkPayloadClass } from './payload-class.js';
import { type FailurePolicy, type PolicyOptions, policyOf } from './policy.js';
import type { TaskContract } from './role.js';
import { checkStateClass, NoState } from './state.js';
import { checkUpcasters } from './upcast.js';

/** A message from outside to a running workflow. */
export interface SignalContract<Payload> extends VersionedPayload<Payload> {
  /** Type of the workflow that takes it. */
  readonly workflow: string;
  readonly name: string;
}

/** A type of workflow: its first task, its shared state and the signals that it takes. */
export interface WorkflowContract<Request, Result, State, Signals> {
  readonly type: string;
  /** Of the workflow and its shared state. */
  readonly version: number;
  /** The task that starts it; its request starts the workflow, its result ends it. */
  readonly root: TaskContract<Request, Result>;
  /** `NoState` when none was declared. */
  readonly state: PayloadClass<State>;
  readonly signals: { readonly [Name in keyof Signals]: SignalContract<Signals[Name]> };
  /** What follows when nobody catches a failure. */
  readonly policy: FailurePolicy;
  /** What one of them may come to before a person looks at it. */
  readonly limits: WorkflowLimits;
}

export type AnyWorkflow = WorkflowContract<unknown, unknown, unknown, unknown>;
export type StateOf<Workflow> =
  Workflow extends WorkflowContract<unknown, unknown, infer State, unknown> ? State : never;
export type SignalPayloadOf<Signal> =
  Signal extends SignalContract<infer Payload> ? Payload : never;

/**
 * Declares a signal by the class of its payload; `Nothing` for none.
 *
 * @throws InvalidContract when the class could not be validated whole, or an upcaster is missing
 */
export function signal<Payload>(
  payload: PayloadClass<Payload>,
  { version = 1, upcast = {} }: VersionOptions = {},
): VersionedPayload<Payload> {
  checkPayloadClass(payload);
  checkVersion(`the signal of ${payload.name}`, version);
  checkUpcasters(payload.name, version, upcast);
  return { payload, version, upcast };
}

export interface WorkflowOptions<Request, Result, State, Signals> extends PolicyOptions {
  /** Default 1. */
  readonly version?: number;
  readonly root: TaskContract<Request, Result>;
  /** A class whose fields each declare their merge; default none. */
  readonly state?: PayloadClass<State>;
  /** By name; default none. */
  readonly signals?: { readonly [Name in keyof Signals]: VersionedPayload<Signals[Name]> };
  /** Past one of them a workflow is held until a person sends it on; default none. */
  readonly limits?: WorkflowLimits;
}

/**
 * Declares a type of workflow.
 *
 * @throws InvalidContract when a name or version breaks its rule, a state field has no merge, the policy
 *   contradicts itself, or a limit is none
 */
export function workflow<Request, Result, State = NoState, Signals extends object = object>(
  type: string,
  {
    version = 1,
    root,
    state,
    signals,
    limits = {},
    ...policy
  }: WorkflowOptions<Request, Result, State, Signals>,
): WorkflowContract<Request, Result, State, Signals> {
  checkName('workflow', type);
  checkVersion(`workflow ${type}`, version);
  checkLimits(type, limits);
  const stateClass = state ?? (NoState as PayloadClass<State>);
  checkStateClass(stateClass);
  const named = Object.entries<VersionedPayload<unknown>>(signals ?? {}).map(
    ([name, declaration]) => {
      checkName('signal', name);
      return [name, Object.freeze({ ...declaration, workflow: type, name })] as const;
    },
  );
  return Object.freeze({
    type,
    version,
    root,
    state: stateClass,
    signals: Object.freeze(Object.fromEntries(named)),
    policy: Object.freeze(policyOf(type, policy)),
    limits: Object.freeze({ ...limits }),
  }) as WorkflowContract<Request, Result, State, Signals>;
}
