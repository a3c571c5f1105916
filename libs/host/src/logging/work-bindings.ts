import { createHash } from 'node:crypto';
import type { TaskId, WorkflowId } from '@lockstep/kernel';

export interface Work {
  readonly workflow: WorkflowId;
  readonly task?: TaskId;
  readonly role?: string;
}

/** What a line about this work carries, so that all lines of a workflow and of its trace are found by one id. */
export function workBindings({ workflow, task, role }: Work): object {
  const spanId = task === undefined ? undefined : digest(`${workflow} ${task}`).slice(0, 16);
  return { workflow, task, role, traceId: traceIdOf(workflow), spanId };
}

/** OpenTelemetry's id of a workflow's trace: the same in every process. */
export function traceIdOf(workflow: WorkflowId): string {
  const [, hex] = /^wf-([0-9a-f]{32})$/.exec(workflow) ?? [];
  return hex ?? digest(workflow).slice(0, 32);
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
