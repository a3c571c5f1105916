import {
  type AnyTask,
  type AnyWorkflow,
  decodeRequest,
  decodeSignal,
  decodeStart,
  type EncodedPayload,
  type SignalContract,
} from '@lockstep/contracts';

/**
 * A request as it came in JSON, once it has proven to keep its contract; absent is `null`.
 *
 * @throws ContractViolation
 */
export function receivedStart(workflow: AnyWorkflow, request: unknown): EncodedPayload {
  const received = { version: workflow.root.requestVersion, body: JSON.stringify(request ?? null) };
  decodeStart(workflow, received);
  return received;
}

/**
 * As {@link receivedStart}, for what any task is asked.
 *
 * @throws ContractViolation
 */
export function receivedRequest(task: AnyTask, request: unknown): EncodedPayload {
  const received = { version: task.requestVersion, body: JSON.stringify(request ?? null) };
  decodeRequest(task, received);
  return received;
}

/**
 * As {@link receivedStart}, for a signal's payload.
 *
 * @throws ContractViolation
 */
export function receivedSignal(signal: SignalContract<unknown>, payload: unknown): EncodedPayload {
  const received = { version: signal.version, body: JSON.stringify(payload ?? null) };
  decodeSignal(signal, received);
  return received;
}
