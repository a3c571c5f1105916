// The specification of cancel and rollback: a workflow is ended, and what it did is undone first, the newest first.

import type { Version } from '@lockstep/kernel';
import type { CancelReply, EndWorkflow } from '../../src/index.js';
import { newTask, openIntents, openTasks, type Task, type Workflow } from './state.js';
import { TaskModel } from './tasks.js';

export const ENDS_CANCELLED = 1;
export const ENDS_FAILED = 2;
/** While nobody is waited for, by how it is being ended. */
export const OPEN_STATUS = ['running', 'cancelling', 'rolling-back'] as const;

export class EndingModel extends TaskModel {
  cancel({ rollback, ...end }: EndWorkflow & { readonly rollback: boolean }): CancelReply {
    const { reason, by } = end;
    const event = { type: 'CancelRequested', meta: { reason, by, rollback } };
    return this.endByCommand(end, event, ENDS_CANCELLED, rollback ? 0 : null);
  }

  rollback({ to, ...end }: EndWorkflow & { readonly to: Version }): CancelReply {
    const { reason, by } = end;
    const event = { type: 'RollbackStarted', meta: { reason, by, to } };
    return this.endByCommand(end, event, ENDS_FAILED, to);
  }

  protected beginEnding(flow: Workflow, ends: 1 | 2, upTo: Version | null, began: Version): void {
    const undo = { upTo, began };
    Object.assign(flow, { cancelling: ends, status: OPEN_STATUS[ends], undo, held: undefined });
    for (const [task, record] of openTasks(flow)) this.cancelTask(flow, task, record);
    for (const task of [...flow.dead.keys()]) this.exhume(flow, task);
    this.endCancelling(flow);
  }

  protected endCancelling(flow: Workflow): void {
    if (!flow.cancelling || openTasks(flow).length > 0) return;
    const newest = [...flow.standing].at(-1);
    const upTo = flow.undo?.upTo ?? Infinity;
    if (newest && newest[0] > upTo) {
      this.undo(flow, newest);
      return;
    }
    flow.status = flow.cancelling === ENDS_FAILED ? 'failed' : 'cancelled';
    const type = flow.cancelling === ENDS_FAILED ? 'WorkflowFailed' : 'WorkflowCancelled';
    this.record(flow, type, '', {});
  }

  private endByCommand(
    { wf, commandId: id, reason, by }: EndWorkflow,
    { type, meta }: { readonly type: string; readonly meta: unknown },
    ends: 1 | 2,
    upTo: Version | null,
  ): CancelReply {
    const flow = this.workflows.get(wf);
    if (!flow) return { reply: 'unknown' };
    const known = flow.versions.get(`c:${id}`);
    if (known !== undefined) return { reply: 'duplicate', version: known, status: flow.status };
    if (flow.cancelling || flow.status === 'completed')
      return { reply: 'ended', status: flow.status };
    return this.change(flow, () => {
      const data = JSON.stringify({ reason, by });
      const version = this.record(flow, type, '', meta, { data });
      this.beginEnding(flow, ends, upTo, version);
      flow.versions.set(`c:${id}`, version);
      return { reply: 'ok', version, status: flow.status };
    });
  }

  private cancelTask(flow: Workflow, id: string, task: Task): void {
    if (task.state === 'running') this.dropDeadline(flow, id, task);
    if (openIntents(flow, id) > 0) {
      task.mode = 'settle';
      this.queue(flow, id);
      return;
    }
    task.state = 'cancelled';
    task.waits = { group: new Map(), left: new Map() };
    this.record(flow, 'TaskCancelled', id, {}, { epoch: task.epoch });
  }

  /** Asks the role of a task to undo what the task committed at a version. */
  private undo(flow: Workflow, [version, of]: readonly [Version, string]): void {
    const { inbox } = this.taskOf(flow, of);
    const [role, major] = inbox.split('@');
    const meta = { role, major: Number(major), name: '$undo', version: 1, by: null };
    const returnTo = { task: '~', op: version };
    const data = JSON.stringify({ version });
    const born = this.record(flow, 'TaskScheduled', `~${version}`, { ...meta, returnTo }, { data });
    const task = newTask(inbox, '$undo', '~', version, born);
    this.create(flow, `~${version}`, { ...task, mode: 'undo' });
  }
}
