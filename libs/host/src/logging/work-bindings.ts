import { AsyncLocalStorage } from 'node:async_hooks';
import { hash } from 'node:crypto';
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

const current = new AsyncLocalStorage<Work>();

/** Runs what belongs to this work: whatever is logged by it carries the work's bindings. */
export const inWork = <T>(work: Work, run: () => T): T => current.run(work, run);

/** Of the work that is running here. Only a line that is written pays for them. */
export function currentBindings(): object {
  const work = current.getStore();
  return work ? workBindings(work) : {};
}

/** OpenTelemetry's id of a workflow's trace: the same in every process. */
export function traceIdOf(workflow: WorkflowId): string {
  const [, hex] = /^wf-([0-9a-f]{32})$/.exec(workflow) ?? [];
  return hex ?? digest(workflow).slice(0, 32);
}

const digest = (text: string): string => hash('sha256', text);
