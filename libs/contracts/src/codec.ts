import { decode, encode, encodePart } from './encoding.js';
import type { EncodedPayload, VersionedPayload } from './payload.js';
import type { TaskContract } from './role.js';
import type { PayloadPlace } from './violations.js';
import type { SignalContract, WorkflowContract } from './workflow.js';

/**
 * Validates a request and writes it down; a plain object of the right shape will do.
 *
 * @throws ContractViolation when a field breaks its rule or the class does not know it
 */
export function encodeRequest<Request>(
  contract: TaskContract<Request, unknown>,
  request: NoInfer<Request>,
): EncodedPayload {
  return encode(writtenRequests(contract), requestPlace(contract), request);
}

/**
 * Reads a request as it was received: older versions upcast, then validated.
 *
 * @returns an instance of the request's class
 * @throws ContractViolation when it does not keep the contract
 * @throws ContractTooNew when a later release wrote it
 */
export function decodeRequest<Request>(
  contract: TaskContract<Request, unknown>,
  encoded: EncodedPayload,
): Request {
  return decode(requests(contract), requestPlace(contract), encoded);
}

/** As {@link encodeRequest}, for what a task answers. */
export function encodeResult<Result>(
  contract: TaskContract<unknown, Result>,
  result: NoInfer<Result>,
): EncodedPayload {
  const written = { ...results(contract), version: contract.resultVersion };
  return encode(written, resultPlace(contract), result);
}

/** As {@link decodeRequest}, for what a task answered. */
export function decodeResult<Result>(
  contract: TaskContract<unknown, Result>,
  encoded: EncodedPayload,
): Result {
  return decode(results(contract), resultPlace(contract), encoded);
}

/** As {@link encodeRequest}, for what starts a workflow: its root's request. */
export function encodeStart<Request>(
  contract: WorkflowContract<Request, unknown, unknown, unknown>,
  request: NoInfer<Request>,
): EncodedPayload {
  return encode(writtenRequests(contract.root), startPlace(contract), request);
}

/** As {@link decodeRequest}, for what started a workflow. */
export function decodeStart<Request>(
  contract: WorkflowContract<Request, unknown, unknown, unknown>,
  encoded: EncodedPayload,
): Request {
  return decode(requests(contract.root), startPlace(contract), encoded);
}

/** As {@link encodeRequest}, for a signal's payload. */
export function encodeSignal<Payload>(
  contract: SignalContract<Payload>,
  payload: NoInfer<Payload>,
): EncodedPayload {
  return encode(contract, signalPlace(contract), payload);
}

/** As {@link decodeRequest}, for a signal's payload. */
export function decodeSignal<Payload>(
  contract: SignalContract<Payload>,
  encoded: EncodedPayload,
): Payload {
  return decode(contract, signalPlace(contract), encoded);
}

/**
 * Validates a change of the shared state and writes it down. Each field holds what is merged into
 * it: the items to append or unite, the number to add, the new value.
 *
 * @throws ContractViolation when a field has no merge or breaks a rule
 */
export function encodeStateChange<State>(
  { type, version, state }: WorkflowContract<unknown, unknown, State, unknown>,
  change: Partial<NoInfer<State>>,
): EncodedPayload {
  return encodePart(state, version, { direction: 'state', workflow: type }, change);
}

/** In the version that most readers know. */
const writtenRequests = <Request>(
  contract: TaskContract<Request, unknown>,
): VersionedPayload<Request> => ({ ...requests(contract), version: contract.requestVersion });

function requests<Request>(contract: TaskContract<Request, unknown>): VersionedPayload<Request> {
  return { payload: contract.request, version: contract.version, upcast: contract.upcast };
}

function results<Result>(contract: TaskContract<unknown, Result>): VersionedPayload<Result> {
  return { payload: contract.result, version: contract.version, upcast: contract.upcastResult };
}

function requestPlace({ role, name }: TaskContract<unknown, unknown>): PayloadPlace {
  return { direction: 'request', role, task: name };
}

function resultPlace({ role, name }: TaskContract<unknown, unknown>): PayloadPlace {
  return { direction: 'result', role, task: name };
}

function startPlace({
  type,
  root,
}: WorkflowContract<unknown, unknown, unknown, unknown>): PayloadPlace {
  return { ...requestPlace(root), workflow: type };
}

function signalPlace({ workflow, name }: SignalContract<unknown>): PayloadPlace {
  return { direction: 'signal', workflow, signal: name };
}
