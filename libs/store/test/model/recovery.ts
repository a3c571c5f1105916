// The specification of heartbeat, reap and fire, and of the clock that leases run on.

import type { WorkerId } from '@lockstep/kernel';
import type { HeartbeatReply, HeldTask } from '../../src/index.js';
import { PeopleModel } from './people.js';
import { hasEnded, memberOf, mustBeAlone, type Task, type Workflow } from './state.js';

const REMEMBERED_MS = 600_000;

export class RecoveryModel extends PeopleModel {
  /** When each worker was given up for its connections, on the lease clock. */
  readonly givenUp = new Map<string, number>();

  heartbeat(
    _partition: number,
    worker: WorkerId,
    beat: number,
    leaseMs: number,
    listed: readonly HeldTask[],
  ): HeartbeatReply {
    const lost: HeartbeatReply['lost'][number][] = [];
    const woken: HeartbeatReply['woken'][number][] = [];
    for (const { wf, task, claim, seen } of listed) {
      const record = this.workflows.get(wf)?.tasks.get(task);
      if (claim === null) continue;
      if (record?.claim !== claim || record.state !== 'running') lost.push({ wf, task });
      else if (record.wokenAt > seen) woken.push({ wf, task, wokenAt: record.wokenAt });
    }
    const isListed = (flow: Workflow, id: string) =>
      listed.some(({ wf, task }) => wf === flow.id && task === id);
    for (const { flow, id, task } of this.held(worker)) {
      if (!isListed(flow, id) && task.beat < beat) this.takeBack(flow, id, task, 'unlisted');
    }
    const wronglyGivenUp = this.givenUp.delete(worker);
    const leaseEnd = this.advance() + leaseMs;
    if (leaseMs === 0 && this.held(worker).length === 0) this.workers.delete(worker);
    else this.workers.set(worker, leaseEnd);
    return { lost, woken, wronglyGivenUp, order: null };
  }

  reap(
    _partition: number,
    limit: number,
    gone: readonly string[],
  ): { taken: number; removed: number; more: boolean } {
    const now = this.advance();
    const expired = [...this.workers]
      .filter(([, end]) => end <= now)
      .sort(([a, aEnd], [b, bEnd]) => aEnd - bEnd || (a < b ? -1 : 1))
      .map(([worker]) => worker);
    const suspected = gone.filter(
      (worker) => this.workers.has(worker) && !expired.includes(worker),
    );
    let taken = 0;
    let removed = 0;
    const dead = [...expired, ...new Set(suspected)];
    for (const worker of dead) {
      const reason = expired.includes(worker) ? 'lease' : 'connections';
      for (const { flow, id, task } of this.held(worker).slice(0, limit - taken)) {
        this.takeBack(flow, id, task, reason);
        taken += 1;
      }
      if (this.held(worker).length > 0) continue;
      if (reason === 'connections') this.givenUp.set(worker, now);
      this.workers.delete(worker);
      removed += 1;
    }
    for (const [worker, at] of this.givenUp) {
      if (at <= now - REMEMBERED_MS) this.givenUp.delete(worker);
    }
    return { taken, removed, more: removed < dead.length };
  }

  fire(
    _partition: number,
    limit: number,
  ): { fired: number; more: boolean; nextInMs: number | null; lateMs: number } {
    const due = this.dueTimers().slice(0, limit);
    const [[, firstDue] = ['', this.nowMs]] = due;
    const lateMs = this.nowMs - firstDue;
    for (const [member] of due) this.fireOne(member);
    const [next] = [...this.timers.values()].sort((a, b) => a - b);
    const nextInMs = next === undefined ? null : Math.max(0, next - this.nowMs);
    return { fired: due.length, more: nextInMs === 0, nextInMs, lateMs };
  }

  /** Moves the lease clock to what it shows now. */
  protected advance(): number {
    this.clock = { wall: this.nowMs, lease: this.leaseClock() };
    return this.clock.lease;
  }

  private dueTimers(): [string, number][] {
    return [...this.timers]
      .filter(([, due]) => due <= this.nowMs)
      .sort(([a, aDue], [b, bDue]) => aDue - bDue || (a < b ? -1 : 1));
  }

  private fireOne(member: string): void {
    this.timers.delete(member);
    const [wf = '', id = '', what = ''] = member.split(' ');
    const flow = this.workflows.get(wf);
    const task = flow?.tasks.get(id);
    if (!flow || !task) return;
    if (what.startsWith('!')) this.timeOut(flow, id, task, Number(what.slice(1)));
    else if (!hasEnded(task)) this.ring(flow, id, what);
  }

  private timeOut(flow: Workflow, id: string, task: Task, epoch: number): void {
    if (task.state !== 'running' || task.epoch !== epoch) return;
    const left = task.deadline - this.leaseClock();
    if (left > 0) {
      this.timers.set(`${memberOf(flow, id)} !${epoch}`, this.nowMs + left);
      return;
    }
    this.change(flow, () => {
      this.record(flow, 'AttemptTimedOut', id, {}, { epoch });
      task.crashes += 1;
      this.deliverAgain(flow, id, task);
    });
  }

  private ring(flow: Workflow, id: string, op: string): void {
    this.change(flow, () => {
      const version = this.record(flow, 'TimerFired', id, {}, { op: Number(op) });
      this.wake(flow, id, op, version, false);
    });
  }

  private takeBack(flow: Workflow, id: string, task: Task, reason: string): void {
    this.change(flow, () => {
      const { epoch, worker } = task;
      const meta = { worker, reason, alone: mustBeAlone(task) };
      this.record(flow, 'LeaseExpired', id, meta, { epoch });
      if (reason !== 'unlisted') task.crashes += 1;
      this.deliverAgain(flow, id, task);
    });
  }

  private deliverAgain(flow: Workflow, id: string, task: Task): void {
    this.dropDeadline(flow, id, task);
    const aloneCrashes = Math.max(0, task.crashes - 2);
    if (aloneCrashes < this.limits.crashBudget) {
      this.queue(flow, id);
      return;
    }
    const code = 'CrashBudgetExhausted';
    const message = `its process died ${aloneCrashes} times while it held this task alone`;
    const error = [{ name: code, code, kind: 'permanent', message }];
    const meta = { reason: code, error };
    this.record(flow, 'TaskParked', id, meta, { epoch: task.epoch });
    this.park(flow, task);
    this.bury(flow, task.inbox.replace(/@.*/, ''), id);
  }
}
