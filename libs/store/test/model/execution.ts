// The specification of start, claim and append.

import type { EventMeta, Version } from '@lockstep/kernel';
import type {
  Append,
  AppendItem,
  AppendReply,
  ClaimReply,
  ClaimTask,
  StartReply,
  StartWorkflow,
} from '../../src/index.js';
import { ENDS_FAILED, EndingModel } from './endings.js';
import { claimed, isAwake, refusal, suspend } from './rules.js';
import { memberOf, mustBeAlone, newTask, newWorkflow, type Task, type Workflow } from './state.js';

export class ExecutionModel extends EndingModel {
  start(s: StartWorkflow): StartReply {
    const known = this.workflows.get(s.wf);
    if (known && known.digest !== s.digest) return { reply: 'conflict' };
    if (known) return { reply: 'duplicate', version: known.log.length, status: known.status };
    const remains = this.tombstones.get(s.wf);
    if (remains && remains.digest !== s.digest) return { reply: 'conflict' };
    if (remains) return { reply: 'duplicate', version: remains.version, status: remains.status };
    const flow = newWorkflow(s);
    this.workflows.set(s.wf, flow);
    this.change(flow, () => {
      this.record(flow, 'WorkflowStarted', '', s.started);
      const born = this.record(flow, 'TaskScheduled', s.root, s.scheduled, { data: s.request });
      this.create(flow, s.root, newTask(s.inbox, s.scheduled.name, '-', 0, born));
    });
    return { reply: 'ok', version: 2 };
  }

  claim(c: ClaimTask): ClaimReply {
    if (!this.workers.has(c.worker)) return { reply: 'unregistered' };
    const flow = this.workflows.get(c.wf);
    const task = flow?.tasks.get(c.task);
    if (flow && task?.state === 'running' && task.claim === c.claim) return claimed(flow, task);
    this.acknowledge(c.message);
    if (!flow || task?.state !== 'queued' || task.dispatch !== c.dispatch)
      return { reply: 'taken' };
    this.change(flow, () => {
      const { worker, claim, dispatch, beat } = c;
      const epoch = task.epoch + 1;
      const deadline = this.leaseClock() + c.deadlineMs;
      const meta = { worker, claim, dispatch, alone: mustBeAlone(task) };
      const at = this.record(flow, 'TaskStarted', c.task, meta, { epoch });
      Object.assign(task, { state: 'running', worker, claim, beat, epoch, deadline, appended: 0 });
      Object.assign(task, { from: at, to: at });
      this.timers.set(`${memberOf(flow, c.task)} !${epoch}`, this.nowMs + c.deadlineMs);
    });
    return claimed(flow, task);
  }

  append(a: Append): AppendReply {
    const flow = this.workflows.get(a.wf);
    const task = flow?.tasks.get(a.task);
    if (!flow || task?.claim !== a.claim) return { reply: 'fenced' };
    const refused = refusal(flow, task, a, this.limits);
    if (refused) return refused;
    const awake = a.release?.as === 'suspended' && isAwake(flow, task, a);
    const items = awake ? a.items.slice(0, -1) : a.items;
    const { wokenAt } = task;
    const from = flow.log.length + 1;
    this.change(flow, () => {
      const told = this.write(flow, a, task, items);
      Object.assign(task, { appended: a.number, from, to: flow.log.length });
      if (a.release && !awake) this.release(flow, a, task, told);
      if (a.dead) this.bury(flow, a.dead.role, a.dead.task);
    });
    const released = a.release !== undefined && !awake;
    return { reply: 'ok', from, to: task.to, wokenAt, released };
  }

  private acknowledge(message: string): void {
    const at = this.inbox.findIndex(({ id }) => id === message);
    if (at >= 0) this.inbox.splice(at, 1);
  }

  private write(flow: Workflow, a: Append, task: Task, items: readonly AppendItem[]): Version {
    let told = flow.log.length;
    for (const { event, deliver, fields = [] } of items) {
      const { type, op, meta, data } = event;
      const version = this.record(flow, type, event.task, meta, { op, data, epoch: task.epoch });
      if (event.task === a.task) told = version;
      if (type === 'EffectCommitted' && !(flow.cancelling && task.mode === 'undo'))
        flow.standing.set(version, event.task);
      for (const { name } of fields) flow.versions.set(`f:${name}`, version);
      if (!deliver) continue;
      const { inbox, returnTo } = deliver;
      const { name } = meta as EventMeta['TaskScheduled'];
      const child = newTask(inbox, name, returnTo?.task ?? '-', returnTo?.op ?? 0, version);
      if (flow.cancelling && task.mode === 'undo') child.mode = 'undo';
      this.create(flow, event.task, child);
    }
    this.setTimers(flow, a);
    for (const { take } of a.items) if (take) flow.versions.set(`taken:${take.name}`, take.version);
    return told;
  }

  private setTimers(flow: Workflow, { task, items, untimers = [] }: Append): void {
    const member = (op: number) => `${memberOf(flow, task)} ${op}`;
    for (const { event, timerMs } of items) {
      if (timerMs !== undefined) this.timers.set(member(event.op), this.nowMs + timerMs);
    }
    for (const op of untimers) this.timers.delete(member(op));
  }

  private release(flow: Workflow, a: Append, task: Task, told: Version): void {
    const { release } = a;
    this.dropDeadline(flow, a.task, task);
    if (release?.as !== 'queued') task.crashes = 0;
    switch (release?.as) {
      case 'completed':
      case 'failed':
      case 'cancelled':
        this.end(flow, task, release.as, told, a.rollback);
        break;
      case 'handed-off':
        task.state = 'completed';
        break;
      case 'parked':
        this.park(flow, task);
        break;
      case 'queued':
        this.queue(flow, a.task);
        break;
      case 'suspended':
        suspend(flow, a.task, task, release.waits);
        break;
      case undefined:
    }
  }

  private end(
    flow: Workflow,
    task: Task,
    state: 'completed' | 'failed' | 'cancelled',
    told: Version,
    rollback: Append['rollback'],
  ): void {
    task.state = state;
    if (state === 'failed') task.wokenAt = flow.log.length;
    if (task.returnTask === '-' && state === 'failed' && rollback)
      this.beginEnding(flow, ENDS_FAILED, rollback.to, flow.log.length);
    else if (task.returnTask === '-' && state !== 'cancelled')
      flow.status = state === 'completed' ? 'completed' : 'parked';
    else if (task.returnTask === '~') this.undone(flow, task, state);
    else if (state !== 'cancelled')
      this.wake(flow, task.returnTask, String(task.returnOp), told, state === 'failed');
    if (state !== 'failed') this.endCancelling(flow);
  }

  private undone(flow: Workflow, task: Task, state: 'completed' | 'failed' | 'cancelled'): void {
    if (state === 'completed') flow.standing.delete(task.returnOp);
    if (state === 'failed') flow.status = 'parked';
  }
}
