import type { AnyWorkflow } from '@lockstep/contracts';
import type { WorkflowId } from '@lockstep/kernel';
import { digestOf, ROOT_TASK, type StartWorkflow } from '@lockstep/store';

const TENANT = 'bench';

/** The start of a workflow without shared state, as the gateway makes it. */
export function startOf(
  wf: WorkflowId,
  { type, version, root }: AnyWorkflow,
  request: unknown,
): StartWorkflow {
  const { role, major, name, inbox } = root;
  return {
    ...{ wf, tenant: TENANT, type, root: ROOT_TASK, inbox },
    digest: digestOf(wf),
    started: { type, version, tenant: TENANT, root: ROOT_TASK },
    scheduled: { role, major, name, version: root.version, by: null, returnTo: null },
    request: JSON.stringify(request),
  };
}
