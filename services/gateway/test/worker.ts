import type { ClaimId, NewEvent, TaskId, Version, WorkerId, WorkflowId } from '@lockstep/kernel';
import {
  type Append,
  type AppendItem,
  randomClaimId,
  type Release,
  ROOT_TASK,
  type Store,
} from '@lockstep/store';

type Told = Pick<NewEvent, 'type'> & { op?: number; meta?: object; data?: string; task?: string };

/** Does by hand what a role's process does: claims a task and appends what a test says. */
export class Worker {
  private readonly id = 'tester' as WorkerId;
  private beat = 0;

  constructor(private readonly store: Store) {}

  /** Claims the first delivery of `task`, or the one under `dispatch`. */
  async claim(wf: string, task: string = ROOT_TASK, dispatch = 1): Promise<Claim> {
    const id = wf as WorkflowId;
    await this.store.heartbeat(this.store.partitions.of(id), this.id, (this.beat += 1), 60_000, []);
    const claim = randomClaimId();
    const reply = await this.store.claim({
      wf: id,
      task: task as TaskId,
      dispatch,
      claim,
      worker: this.id,
      beat: this.beat,
      inbox: 'clerk@1',
      message: '0-1',
      deadlineMs: 60_000,
    });
    if (reply.reply !== 'ok') throw new Error(`claim answered ${reply.reply}`);
    return new Claim(this.store, id, task as TaskId, claim, reply.version);
  }

  /** Claims the root and completes it with `result`. */
  async complete(wf: string, result: unknown = { ok: true }, dispatch = 1): Promise<void> {
    const claim = await this.claim(wf, ROOT_TASK, dispatch);
    await claim.complete(result);
  }
}

/** One claimed task. */
export class Claim {
  private number = 0;

  constructor(
    private readonly store: Store,
    private readonly wf: WorkflowId,
    private readonly task: TaskId,
    private readonly claim: ClaimId,
    private readUpTo: Version,
  ) {}

  /** @returns version of the last event */
  async append(
    events: readonly Told[],
    {
      release,
      items = [],
      dead,
    }: { release?: Release; items?: readonly AppendItem[]; dead?: Append['dead'] } = {},
  ): Promise<Version> {
    const append: Append = {
      wf: this.wf,
      task: this.task,
      claim: this.claim,
      number: (this.number += 1),
      readUpTo: this.readUpTo,
      items: [...items, ...events.map((told) => ({ event: this.event(told) }))],
      ...(release && { release }),
      ...(dead && { dead }),
    };
    const reply = await this.store.append(append);
    if (reply.reply !== 'ok') throw new Error(`append answered ${reply.reply}`);
    this.readUpTo = reply.to;
    return reply.to;
  }

  /** Schedules a child for operation `op` in the same role. */
  async call(op: number): Promise<Version> {
    const address = { task: this.task, op };
    const event = this.event({
      type: 'TaskScheduled',
      task: `${this.task}.${op}`,
      meta: { role: 'clerk', major: 1, name: 'job', version: 1, by: address, returnTo: address },
      data: '{"orderId":"#W1"}',
    });
    return this.append([], {
      items: [{ event, deliver: { inbox: 'clerk@1', returnTo: address } }],
    });
  }

  async complete(result: unknown = { ok: true }): Promise<void> {
    await this.append(
      [
        {
          type: 'TaskCompleted',
          meta: { version: 1, returnTo: null },
          data: JSON.stringify(result),
        },
        { type: 'WorkflowCompleted', task: '' },
      ],
      { release: { as: 'completed' } },
    );
  }

  private event({ type, op = 0, meta = {}, data = '', task = this.task }: Told): NewEvent {
    return { type, task, op, meta, data } as NewEvent;
  }
}
