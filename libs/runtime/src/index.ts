export * from './worker/claimed-task.js';
export type { SharedState, StepIo, StepOptions, TaskContext } from './context/task-context.js';
export type { TaskLog } from './context/task-log.js';
export { effect } from './effects/definition.js';
export type {
  AnyEffect,
  EffectDefinition,
  EffectIo,
  EffectSpec,
  ProbeAnswer,
  Reverse,
  ReverseSpec,
  Risk,
} from './effects/spec.js';
export type { Duration } from './effects/duration.js';
export { InvalidEffect } from './effects/check-definition.js';
export { type Clock, systemClock } from './execution/clock.js';
export { InvalidStep } from './execution/step.js';
export { ExecutionRunner } from './execution/runner.js';
export type { ExecutionPorts } from './execution/task-execution.js';
export {
  CallCancelled,
  CallFailed,
  EffectExhausted,
  EffectRejected,
  NotPerformed,
  Rejected,
  StepFailedForGood,
} from '@lockstep/kernel';
export { Agent } from './agent/agent.decorator.js';
export type { HasEffects } from './agent/effects.js';
export { type AgentModule, InvalidAgent } from './agent/agents.js';
export { type AgentOptions, runAgent } from './agent/run-agent.js';
export { Task, type TaskSettings } from './agent/task.decorator.js';
export {
  InvalidTarget,
  NestedTarget,
  type Target,
  target,
  type TargetOptions,
} from './targets/target.js';
export { type TargetEvents, Targets, type TargetsPorts } from './targets/targets.js';
export { AgentConfig } from './worker/agent-config.js';
