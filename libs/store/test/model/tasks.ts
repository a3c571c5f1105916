// What the store holds, and what comes to a task whichever call it is: it is delivered, woken, parked, buried.

import type { Version } from '@lockstep/kernel';
import type { StoreLimits } from '../../src/index.js';
import type { Message } from '../support/scene.js';
import {
  HAS_ENDED,
  memberOf,
  mustBeAlone,
  type Remains,
  type Task,
  type Workflow,
} from './state.js';

const MAX_ADVANCE_MS = 2000;

export class TaskModel {
  nowMs = 1_000_000;
  readonly workflows = new Map<string, Workflow>();
  /** Under ids of the model's own; the store's are others. */
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

  /** The tasks that a worker holds: those that run under its name. */
  held(worker: string): { readonly flow: Workflow; readonly id: string; readonly task: Task }[] {
    const all = [...this.workflows.values()].flatMap((flow) =>
      [...flow.tasks].map(([id, task]) => ({ flow, id, task })),
    );
    const mine = all.filter(({ task }) => task.state === 'running' && task.worker === worker);
    return mine.sort((a, b) => (memberOf(a.flow, a.id) < memberOf(b.flow, b.id) ? -1 : 1));
  }

  /** What the lease clock shows now: it follows the wall clock by 0 to 2 s at a time (S7). */
  protected leaseClock(): number {
    const { wall, lease } = this.clock ?? { wall: this.nowMs, lease: 0 };
    return lease + Math.max(0, Math.min(this.nowMs - wall, MAX_ADVANCE_MS));
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

  protected create(flow: Workflow, id: string, task: Task): void {
    flow.tasks.set(id, task);
    this.deliver(flow, id, task);
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

  protected exhume(flow: Workflow, id: string): void {
    if (!flow.dead.delete(id)) return;
    const last = this.letters.findLastIndex(({ wf, task }) => wf === flow.id && task === id);
    this.letters.splice(last, 1);
  }

  protected taskOf(flow: Workflow, id: string): Task {
    const task = flow.tasks.get(id);
    if (!task) throw new Error(`the model has no task ${id}`);
    return task;
  }

  protected dropDeadline(flow: Workflow, id: string, task: Task): void {
    this.timers.delete(`${memberOf(flow, id)} !${task.epoch}`);
  }

  private deliver(flow: Workflow, id: string, task: Task): void {
    const { name, dispatch, born } = task;
    const alone = mustBeAlone(task);
    const message = { id: this.nextId('m'), wf: flow.id, task: id, name, dispatch, born, alone };
    this.inbox.push(message as Message);
  }

  private nextId(kind: string): string {
    this.ids += 1;
    return `${kind}${this.ids}`;
  }
}
