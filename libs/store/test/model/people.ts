// The specification of signal, park and resume.

import type { NewEvent, Version, WorkflowId } from '@lockstep/kernel';
import type {
  CancelReply,
  EndWorkflow,
  ResumeReply,
  Signal,
  SignalReply,
} from '../../src/index.js';
import { OPEN_STATUS } from './endings.js';
import { ExecutionModel } from './execution.js';
import { obstacle } from './rules.js';
import { HAS_ENDED, openTasks, parkedTasks, type Task, type Workflow } from './state.js';

export class PeopleModel extends ExecutionModel {
  signal(s: Signal): SignalReply {
    const flow = this.workflows.get(s.wf);
    if (!flow) return { reply: 'unknown' };
    const known = flow.versions.get(`signal:${s.id}`);
    if (known !== undefined) return { reply: 'duplicate', version: known };
    if (flow.status === 'completed' || flow.cancelling)
      return { reply: 'ended', status: flow.status };
    return this.change(flow, () => {
      const version = this.record(flow, 'SignalReceived', '', s.meta, { data: s.payload });
      for (const id of flow.listeners.get(s.name) ?? []) {
        this.wake(flow, id, `$${s.name}`, version, false);
      }
      flow.listeners.delete(s.name);
      flow.versions.set(`signal:${s.id}`, version);
      flow.versions.set(`sent:${s.name}`, version);
      return { reply: 'ok', version };
    });
  }

  /** Holds every open task that does not wait for a person already. */
  personParks({ wf, commandId: id, reason, by }: EndWorkflow): CancelReply {
    const flow = this.workflows.get(wf);
    if (!flow) return { reply: 'unknown' };
    const known = flow.versions.get(`c:${id}`);
    if (known !== undefined) return { reply: 'duplicate', version: known, status: flow.status };
    const open = openTasks(flow);
    if (open.length === 0 || HAS_ENDED.has(flow.status) || flow.held !== undefined)
      return { reply: 'ended', status: flow.status };
    return this.change(flow, () => {
      const version = this.record(flow, 'WorkflowParked', '', { reason, by });
      for (const [task, record] of open) this.hold(flow, task, record);
      Object.assign(flow, { status: 'parked', held: version });
      flow.versions.set(`c:${id}`, version);
      return { reply: 'ok', version, status: flow.status };
    });
  }

  resume(wf: WorkflowId, id: string, seen: Version, decisions: readonly NewEvent[]): ResumeReply {
    const flow = this.workflows.get(wf);
    if (!flow) return { reply: 'unknown' };
    const known = flow.versions.get(`c:${id}`);
    if (known !== undefined) return { reply: 'duplicate', version: known, status: flow.status };
    const ids = [...new Set(decisions.flatMap(({ task }) => (task === '' ? [] : [task])))];
    const sendsOn = decisions.some(({ task }) => task === '');
    if (sendsOn && flow.held === undefined)
      return { reply: 'conflict', what: '-', found: 'not held' };
    for (const task of ids) {
      const found = obstacle(flow, task, ids);
      if (found) return { reply: 'conflict', what: task, found };
      if (this.taskOf(flow, task).wokenAt > seen)
        return { reply: 'conflict', what: 'version', found: String(flow.log.length) };
    }
    return this.change(flow, () => {
      for (const { type, task, op, meta, data } of decisions) {
        const decided = this.record(flow, type, task, meta, { op, data });
        if (task !== '') this.taskOf(flow, task).wokenAt = decided;
      }
      const held = openTasks(flow).filter(([, { state }]) => state === 'held');
      for (const task of ids) this.reopen(flow, task);
      if (sendsOn) this.sendOn(flow, held);
      if (parkedTasks(flow) === 0 && !HAS_ENDED.has(flow.status))
        flow.status = OPEN_STATUS[flow.cancelling];
      flow.versions.set(`c:${id}`, flow.log.length);
      return { reply: 'ok', version: flow.log.length, status: flow.status };
    });
  }

  private hold(flow: Workflow, id: string, task: Task): void {
    if (task.state === 'parked') return;
    if (task.state === 'running') this.dropDeadline(flow, id, task);
    task.state = 'held';
    task.waits = { group: new Map(), left: new Map() };
  }

  private sendOn(flow: Workflow, held: readonly [string, Task][]): void {
    flow.held = undefined;
    for (const [id] of held) this.queue(flow, id);
  }

  private reopen(flow: Workflow, id: string): void {
    this.taskOf(flow, id).crashes = 0;
    this.queue(flow, id);
    this.exhume(flow, id);
  }
}
