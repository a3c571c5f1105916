import { hash, randomBytes, randomUUID } from 'node:crypto';
import type { ClaimId, TaskId, WorkerId, WorkflowId } from '@lockstep/kernel';

/** The id of a workflow that is started under an idempotency key: the same pair gives the same id. */
export function workflowIdOf(tenant: string, idempotencyKey: string): WorkflowId {
  const digest = hash('sha256', `${tenant}\n${idempotencyKey}`);
  return `wf-${digest.slice(0, 32)}` as WorkflowId;
}

export const randomWorkflowId = (): WorkflowId =>
  `wf-${randomUUID().replaceAll('-', '')}` as WorkflowId;

/** A worker's id says its role and process to a person; its random part makes it this start's alone. */
export const randomWorkerId = (role: string, pid: number): WorkerId =>
  `${role}-${pid}-${randomBytes(6).toString('hex')}` as WorkerId;

export const randomClaimId = (): ClaimId => randomUUID() as ClaimId;

export const ROOT_TASK = 'r' as TaskId;

export const digestOf = (text: string): string => hash('sha256', text);
