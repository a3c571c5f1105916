// The specification of start, claim, append, signal, cancel and resume, and of what they have in common.

import type { EventMeta, NewEvent, Version, WorkflowId } from '@lockstep/kernel';
import type {
  Append,
  AppendItem,
  AppendReply,
  CancelReply,
  EndWorkflow,
  ClaimReply,
  ClaimTask,
  ResumeReply,
  Signal,
  SignalReply,
  StartReply,
  StartWorkflow,
  StoreLimits,
  WorkflowStatus,
} from '../../src/index.js';
import { claimed, isAwake, obstacle, suspend } from './rules.js';
import {
  memberOf,
  mustBeAlone,
  newTask,
  openIntents,
  openTasks,
  parkedTasks,
  type Message,
  type Task,
  type Workflow,
} from './state.js';

const MAX_ADVANCE_MS = 2000;
const ENDS_CANCELLED = 1;
const ENDS_FAILED = 2;
/** While nobody is waited for, by how it is being ended. */
const OPEN_STATUS = ['running', 'cancelling', 'rolling-back'] as const;
const HAS_ENDED: ReadonlySet<WorkflowStatus> = new Set(['completed', 'failed', 'cancelled']);

/** What a tombstone tells. */
export interface Remains {
  readonly digest: string;
  readonly version: Version;
  readonly status: WorkflowStatus;
  readonly result: string;
}

export class WorkflowModel {
  nowMs = 1_000_000;
  readonly workflows = new Map<string, Workflow>();
  readonly inbox: Message[] = [];
  readonly feed: { id: string; wf: string; from: Version; to: Version }[] = [];
  /** Due time by member. */
  readonly timers = new Map<string, number>();
  /** The end of each worker's lease. */
  readonly workers = new Map<string, number>();
  /** What leases and deadlines run on, and the wall clock when it was last moved. */
  clock: { wall: number; lease: number } | undefined;
  readonly letters: { wf: string; task: string; version: Version }[] = [];
  /** Roles that have had a letter. */
  readonly letterRoles = new Set<string>();
  /** When each workflow ended that has ended. */
  readonly ended = new Map<string, number>();
  /** Those that are there no more, as they were. */
  readonly retired = new Map<string, Workflow>();
  /** What is left of those. */
  readonly tombstones = new Map<string, Remains>();
  private ids = 0;

  constructor(readonly limits: StoreLimits) {}

  start(s: StartWorkflow): StartReply {
    const known = this.workflows.get(s.wf);
    if (known && known.digest !== s.digest) return { reply: 'conflict' };
    if (known) return { reply: 'duplicate', version: known.log.length, status: known.status };
    const remains = this.tombstones.get(s.wf);
    if (remains && remains.digest !== s.digest) return { reply: 'conflict' };
    if (remains) return { reply: 'duplicate', version: remains.version, status: remains.status };
    const flow: Workflow = {
      id: s.wf,
      tenant: s.tenant,
      type: s.type,
      digest: s.digest,
      status: 'running',
      cancelling: 0,
      log: [],
      tasks: new Map(),
      versions: new Map(),
      listeners: new Map(),
      dead: new Map(),
      standing: new Map(),
      undo: undefined,
      held: undefined,
    };
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
    this.remove(this.inbox, ({ id }) => id === c.message);
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

  /** What the lease clock shows now: it follows the wall clock by 0 to 2 s at a time (S7). */
  protected leaseClock(): number {
    const { wall, lease } = this.clock ?? { wall: this.nowMs, lease: 0 };
    return lease + Math.max(0, Math.min(this.nowMs - wall, MAX_ADVANCE_MS));
  }

  append(a: Append): AppendReply {
    const flow = this.workflows.get(a.wf);
    const task = flow?.tasks.get(a.task);
    if (!flow || task?.claim !== a.claim) return { reply: 'fenced' };
    const refusal = this.refusal(flow, task, a);
    if (refusal) return refusal;
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

  /** The tasks that a worker holds: those that run under its name. */
  held(worker: string): { readonly flow: Workflow; readonly id: string; readonly task: Task }[] {
    const all = [...this.workflows.values()].flatMap((flow) =>
      [...flow.tasks].map(([id, task]) => ({ flow, id, task })),
    );
    const mine = all.filter(({ task }) => task.state === 'running' && task.worker === worker);
    return mine.sort((a, b) => (memberOf(a.flow, a.id) < memberOf(b.flow, b.id) ? -1 : 1));
  }

  protected change<T>(flow: Workflow, make: () => T): T {
    const [before, was] = [flow.log.length, HAS_ENDED.has(flow.status)];
    const result = make();
    if (!was && HAS_ENDED.has(flow.status)) this.ended.set(flow.id, this.nowMs);
    if (was && !HAS_ENDED.has(flow.status)) this.ended.delete(flow.id);
    const to = flow.log.length;
    if (to > before) this.feed.push({ id: this.nextId('f'), wf: flow.id, from: before + 1, to });
    return result;
  }

  protected record(
    flow: Workflow,
    type: string,
    task: string,
    meta: unknown,
    { op = 0, epoch = 0, data = '' }: { op?: number; epoch?: number; data?: string } = {},
  ): Version {
    return flow.log.push({ type, task, op, epoch, at: this.nowMs, meta, data });
  }

  protected queue(flow: Workflow, id: string): void {
    const task = this.taskOf(flow, id);
    task.waits = { group: new Map(), left: new Map() };
    task.state = 'queued';
    task.dispatch += 1;
    this.deliver(flow, id, task);
  }

  protected wake(flow: Workflow, id: string, op: string, version: Version, failed: boolean): void {
    const task = this.taskOf(flow, id);
    const { group, left } = task.waits;
    task.wokenAt = version;
    const name = group.get(op);
    if (task.state !== 'waiting' || name === undefined) return;
    const rest = (left.get(name) ?? 0) - 1;
    group.delete(op);
    left.set(name, rest);
    if (rest === 0 || failed) this.queue(flow, id);
  }

  protected park(flow: Workflow, task: Task): void {
    task.state = 'parked';
    task.wokenAt = flow.log.length;
    if (flow.status !== 'completed') flow.status = 'parked';
  }

  protected bury(flow: Workflow, role: string, task: string): void {
    this.letters.push({ wf: flow.id, task, version: flow.log.length });
    flow.dead.set(task, role);
    this.letterRoles.add(role);
  }

  protected taskOf(flow: Workflow, id: string): Task {
    const task = flow.tasks.get(id);
    if (!task) throw new Error(`the model has no task ${id}`);
    return task;
  }

  protected dropDeadline(flow: Workflow, id: string, task: Task): void {
    this.timers.delete(`${memberOf(flow, id)} !${task.epoch}`);
  }

  private create(flow: Workflow, id: string, task: Task): void {
    flow.tasks.set(id, task);
    this.deliver(flow, id, task);
  }

  private deliver(flow: Workflow, id: string, task: Task): void {
    const { name, dispatch, born } = task;
    const alone = mustBeAlone(task);
    const message = { id: this.nextId('m'), wf: flow.id, task: id, name, dispatch, born, alone };
    this.inbox.push(message as Message);
  }

  private refusal(flow: Workflow, task: Task, a: Append): AppendReply | undefined {
    const { appended, from, to, wokenAt, state } = task;
    if (a.number === appended && appended > 0)
      return { reply: 'duplicate', from, to, wokenAt, released: state !== 'running' };
    if (a.number !== appended + 1) return { reply: 'rewound', number: appended };
    if (state !== 'running') return { reply: 'fenced' };
    const deliveries = a.items.filter(({ deliver }) => deliver).length;
    const tasks = this.limits.tasksPerWorkflow;
    if (flow.tasks.size + deliveries > tasks) return { reply: 'limit', tasks };
    for (const { name, expected } of a.items.flatMap(({ fields = [] }) => fields)) {
      const version = flow.versions.get(`f:${name}`) ?? 0;
      if (expected !== null && expected !== version)
        return { reply: 'conflict', what: name, version };
    }
    for (const { name, version } of a.items.flatMap(({ take }) => take ?? [])) {
      const taken = flow.versions.get(`taken:${name}`) ?? 0;
      if (taken >= version) return { reply: 'conflict', what: name, version: taken };
    }
    return undefined;
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

  private beginEnding(flow: Workflow, ends: 1 | 2, upTo: Version | null, began: Version): void {
    const undo = { upTo, began };
    Object.assign(flow, { cancelling: ends, status: OPEN_STATUS[ends], undo, held: undefined });
    for (const [task, record] of openTasks(flow)) this.cancelTask(flow, task, record);
    for (const task of [...flow.dead.keys()]) this.exhume(flow, task);
    this.endCancelling(flow);
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

  private endCancelling(flow: Workflow): void {
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

  private reopen(flow: Workflow, id: string): void {
    this.taskOf(flow, id).crashes = 0;
    this.queue(flow, id);
    this.exhume(flow, id);
  }

  private exhume(flow: Workflow, id: string): void {
    if (!flow.dead.delete(id)) return;
    const last = this.letters.findLastIndex(({ wf, task }) => wf === flow.id && task === id);
    this.letters.splice(last, 1);
  }

  private remove<T>(list: T[], matches: (item: T) => boolean): void {
    const at = list.findIndex(matches);
    if (at >= 0) list.splice(at, 1);
  }

  private nextId(kind: string): string {
    this.ids += 1;
    return `${kind}${this.ids}`;
  }
}
