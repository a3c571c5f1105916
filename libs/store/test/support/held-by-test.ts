import type { ClaimId, TaskId, Version, WaitSpec, WorkflowId } from '@lockstep/kernel';
import type { Append, AppendItem, AppendReply, HeldTask, Release, Store } from '../../src/index.js';
import { called, completed, event, failed, FAILURE, stepOf, suspended } from './events.js';

/** A claimed task, with the append number and the version read that its worker would keep. */
export class HeldByTest {
  number = 0;

  constructor(
    private readonly store: Store,
    readonly wf: WorkflowId,
    readonly task: TaskId,
    readonly claim: ClaimId,
    public readUpTo: Version,
  ) {}

  /** Appends under the next number. */
  async append(items: readonly AppendItem[], release?: Release): Promise<AppendReply> {
    const reply = await this.again(items, release, this.number + 1);
    if (reply.reply === 'ok' || reply.reply === 'duplicate') {
      this.number += 1;
      this.readUpTo = reply.to;
    }
    return reply;
  }

  /** Sends an append under a number of one's choice. */
  again(
    items: readonly AppendItem[],
    release: Release | undefined,
    number: number,
  ): Promise<AppendReply> {
    const append = { ...this.next(items), number };
    return this.store.append(release === undefined ? append : { ...append, release });
  }

  /** The append that a worker would make next. */
  next(items: readonly AppendItem[]): Append {
    const { wf, task, claim, readUpTo } = this;
    return { wf, task, claim, number: this.number + 1, readUpTo, items };
  }

  /** What its worker's heartbeat says of it. */
  listed(): HeldTask {
    return { wf: this.wf, task: this.task, claim: this.claim, seen: this.readUpTo };
  }

  step(): Promise<AppendReply> {
    return this.append([stepOf(this.task, 1)]);
  }

  /** Calls another task as operation `op`, in the same inbox. */
  call(op: number): Promise<AppendReply> {
    return this.append([called(this.task, op)]);
  }

  suspend(waits: Partial<WaitSpec>): Promise<AppendReply> {
    const all = { any: [], all: [], signals: [], ...waits };
    return this.append([suspended(this.task, all)], { as: 'suspended', waits: all });
  }

  complete(): Promise<AppendReply> {
    return this.append([completed(this.task)], { as: 'completed' });
  }

  fail(): Promise<AppendReply> {
    return this.append([failed(this.task)], { as: 'failed' });
  }

  /** Fails where nobody catches it, and so begins a rollback to a version. */
  failAndRollBack(to: Version | null): Promise<AppendReply> {
    const begun = event('', 'RollbackStarted', { reason: 'Uncaught', by: 'policy', to }, 0, '{}');
    const items = [failed(this.task), begun];
    return this.store.append({ ...this.next(items), release: { as: 'failed' }, rollback: { to } });
  }

  /** Parks, with a dead letter. */
  park(): Promise<AppendReply> {
    const { task } = this;
    const parked = event(task, 'TaskParked', { reason: 'EffectInDoubt', error: FAILURE });
    const dead = { role: 'orders', task, meta: { reason: 'EffectInDoubt' } };
    return this.store.append({ ...this.next([parked]), release: { as: 'parked' }, dead });
  }

  handBack(): Promise<AppendReply> {
    return this.append([event(this.task, 'TaskReleased', { epoch: 1 })], { as: 'queued' });
  }
}
