import 'reflect-metadata';

export { asyncApi, type AsyncApiDocument, type AsyncApiOptions } from './async-api.js';
export {
  decodeRequest,
  decodeResult,
  decodeSignal,
  decodeStart,
  encodeRequest,
  encodeResult,
  encodeSignal,
  encodeStart,
  encodeStateChange,
} from './codec.js';
export { type ErrorKind, LockstepError } from './errors.js';
export { type JsonSchema, jsonSchemaOf } from './json-schema.js';
export { NAME_PATTERN } from './names.js';
export {
  type EncodedPayload,
  Nothing,
  type PayloadClass,
  type VersionedPayload,
  type VersionOptions,
} from './payload.js';
export { type WorkflowLimits } from './limits.js';
export {
  type Escalation,
  type FailurePolicy,
  type OnFailure,
  type PolicyOptions,
  type RollbackCause,
  RolledBack,
} from './policy.js';
export {
  type AnyRole,
  type AnyTask,
  type RequestOf,
  type ResultOf,
  role,
  type RoleContract,
  task,
  type TaskContract,
  type TaskDeclaration,
  type TaskOptions,
} from './role.js';
export {
  Append,
  initialValue,
  LastWrite,
  Max,
  type Merge,
  mergesOf,
  NoState,
  type StateField,
  stateFields,
  Sum,
  Union,
} from './state.js';
export type { Upcasters } from './upcast.js';
export {
  ContractTooNew,
  ContractViolation,
  type Direction,
  type FieldViolation,
  InvalidContract,
  type PayloadPlace,
} from './violations.js';
export {
  type AnyWorkflow,
  signal,
  type SignalContract,
  type SignalPayloadOf,
  type StateOf,
  workflow,
  type WorkflowContract,
  type WorkflowOptions,
} from './workflow.js';
