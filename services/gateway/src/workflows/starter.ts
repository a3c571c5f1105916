import { Injectable } from '@nestjs/common';
import { inWork } from '@lockstep/host';
import { type AnyTask, type AnyWorkflow, type EncodedPayload, mergesOf } from '@lockstep/contracts';
import {
  canonicalJson,
  type EventMeta,
  ROLLBACK,
  type Version,
  type WorkflowId,
} from '@lockstep/kernel';
import {
  digestOf,
  randomWorkflowId,
  ROOT_TASK,
  type StartPolicy,
  type StartWorkflow,
  Store,
  workflowIdOf,
  type WorkflowStatus,
} from '@lockstep/store';
import { PinoLogger } from 'nestjs-pino';
import type { Caller } from '../auth/api-keys.js';
import { Catalogue } from '../contracts/catalogue.js';
import { receivedStart } from '../contracts/received.js';
import { IdempotencyConflict } from '../problems/errors.js';

export interface Started {
  readonly id: WorkflowId;
  readonly type: string;
  readonly status: WorkflowStatus;
  readonly version: Version;
  /** False when the same start came before. */
  readonly isNew: boolean;
}

@Injectable()
export class Starter {
  constructor(
    private readonly store: Store,
    private readonly catalogue: Catalogue,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * Starts a workflow, or finds the one that the same key started.
   *
   * @throws UnknownWorkflowType, ContractViolation, IdempotencyConflict
   */
  async start(
    { tenant }: Caller,
    type: string,
    request: unknown,
    key: string | undefined,
  ): Promise<Started> {
    const workflow = this.catalogue.workflow(type);
    const received = receivedStart(workflow, request);
    const id = key === undefined ? randomWorkflowId() : workflowIdOf(tenant, key);
    const digest = digestOf(canonicalJson([type, request ?? null]));
    const reply = await this.store.start(startOf(workflow, received, { wf: id, tenant, digest }));
    switch (reply.reply) {
      case 'ok':
        inWork({ workflow: id }, () => {
          this.logger.debug({ type }, 'a workflow was started');
        });
        return { id, type, status: 'running', version: reply.version, isNew: true };
      case 'duplicate':
        return { id, type, status: reply.status, version: reply.version, isNew: false };
      case 'conflict':
        throw new IdempotencyConflict('a start');
    }
  }
}

function startOf(
  workflow: AnyWorkflow,
  { version, body }: EncodedPayload,
  identity: Pick<StartWorkflow, 'wf' | 'tenant' | 'digest'>,
): StartWorkflow {
  const { type, root } = workflow;
  const { role, major, name, inbox } = root;
  return {
    ...identity,
    type,
    root: ROOT_TASK,
    inbox,
    started: startedMeta(workflow, identity.tenant),
    scheduled: { role, major, name, version, by: null, returnTo: null },
    request: body,
    policy: policyOf(workflow),
    limits: workflow.limits,
  };
}

/** What the store follows when nobody catches a failure, or nobody comes to a parked workflow. */
function policyOf({ policy: { onFailure, escalate, afterRollback } }: AnyWorkflow): StartPolicy {
  return { onFailure, escalate, after: afterRollback && afterOf(afterRollback) };
}

function afterOf({ role, major, name, version, inbox }: AnyTask): StartPolicy['after'] {
  const returnTo = { task: ROLLBACK, op: 0 };
  return { inbox, scheduled: { role, major, name, version, by: null, returnTo } };
}

function startedMeta(
  { type, version, state, policy: { onFailure }, limits }: AnyWorkflow,
  tenant: string,
): EventMeta['WorkflowStarted'] {
  const merges = mergesOf(state);
  return {
    ...{ type, version, tenant, root: ROOT_TASK, onFailure },
    ...(merges.size > 0 && { merges: Object.fromEntries(merges) }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}
