import type { OperationNumber, TaskId, WorkflowId } from '@lockstep/kernel';
import {
  type AppendItem,
  randomClaimId,
  type Release,
  ROOT_TASK,
  type Store,
} from '@lockstep/store';
import type { Redis } from 'ioredis';
import { Held, INBOX, told, WORKER } from './stage.js';

const ERROR = [{ name: 'E', code: 'E', kind: 'permanent', message: 'no' }] as const;
/** What a task of a workflow that is being cancelled still does; anything else is its end. */
const IN_SETTLING = new Set<Move>(['outcome', 'park', 'hand back']);
const ENDED = ['completed', 'failed', 'cancelled'];
const CLERK = { role: 'clerk', major: 1, name: 'do', version: 1 };

/** What may be done to a workflow next; each is tried, and does nothing where it does not fit. */
export const MOVES = [
  ...['claim', 'claim', 'claim', 'call', 'step', 'intend', 'outcome', 'sleep', 'join', 'complete'],
  ...['complete', 'fail', 'park', 'hand back', 'lose', 'fire', 'signal', 'cancel', 'reopen'],
] as const;
export type Move = (typeof MOVES)[number];

/** One workflow that anything may be done to. */
export class AnyHistory {
  private readonly held = new Map<TaskId, Held>();
  private readonly worker = WORKER;
  private beat = 1;
  private op: OperationNumber = 0;
  private commands = 0;
  private settling = false;

  constructor(
    private readonly store: Store,
    private readonly redis: Redis,
    readonly wf: WorkflowId,
  ) {}

  private get partition(): number {
    return this.store.partitions.of(this.wf);
  }

  /** The head's own word of each task: its state, and its dispatch number. */
  async tasks(): Promise<Map<TaskId, { readonly state: string; readonly dispatch: number }>> {
    const head = await this.redis.hgetall(this.store.partitions.head(this.wf));
    const records = Object.entries(head).filter(([field]) => field.startsWith('t:'));
    return new Map(
      records.map(([field, record]) => {
        const task = field.slice(2) as TaskId;
        const [state] = record.split(' ') as [string];
        const dispatch = Number(head[`d:${task}`]!.split(' ')[6]);
        return [task, { state, dispatch }];
      }),
    );
  }

  /** @param choice - which task it is done to */
  async move(wanted: Move, choice: number): Promise<void> {
    switch (wanted) {
      case 'claim':
        return this.claim(choice);
      case 'lose':
        await this.store.heartbeat(this.partition, this.worker, (this.beat += 1), 600_000, []);
        return;
      case 'fire':
        await this.store.fire(this.partition, 10);
        return;
      case 'signal':
        return this.signal();
      case 'cancel':
        if (choice > 0) return; // seldom, since little comes after it
        return this.cancel();
      case 'reopen':
        return this.reopen(choice);
      default: {
        const held = chosen([...this.held.values()], choice);
        const move = this.settling && !IN_SETTLING.has(wanted) ? 'end' : wanted;
        // One that is refused has lost its claim.
        if (held) await this.work(held, move).catch(() => this.held.delete(held.task));
      }
    }
  }

  private async claim(choice: number): Promise<void> {
    const queued = [...(await this.tasks())].filter(([, { state }]) => state === 'queued');
    const [task, record] = chosen(queued, choice) ?? [];
    if (!task || !record) return;
    const { wf, worker, beat } = this;
    const claim = randomClaimId();
    const rest = { beat, inbox: INBOX, message: '0-1', deadlineMs: 600_000 };
    const reply = await this.store.claim({
      ...{ wf, task, dispatch: record.dispatch, claim, worker },
      ...rest,
    });
    if (reply.reply !== 'ok') throw new Error(reply.reply);
    this.held.set(task, new Held(this.store, wf, task, claim, reply.version));
  }

  private async work(held: Held, move: Move | 'end'): Promise<void> {
    const op = (this.op += 1);
    const returnTo = held.task === ROOT_TASK ? null : { task: ROOT_TASK, op: 0 };
    switch (move) {
      case 'call': {
        const child = `${held.task}.${op}` as TaskId;
        const to = { task: held.task, op };
        const scheduled = told(child, 'TaskScheduled', { ...CLERK, by: to, returnTo: to }, 0, '{}');
        return held.append([{ ...scheduled, deliver: { inbox: INBOX, returnTo: to } }]);
      }
      case 'step':
        return held.step(op);
      case 'intend':
        return held.intend(1);
      case 'outcome':
        return held.append([op % 2 === 0 ? happened(held.task) : didNot(held.task)]);
      case 'sleep':
        return this.leave(held, () => held.suspend(op, 0));
      case 'join':
        return this.leave(held, () => held.suspend(op, 600_000));
      case 'complete':
        if (await this.hasOpenCalls(held.task)) return;
        return this.leave(held, () =>
          this.end(held, [told(held.task, 'TaskCompleted', { version: 1, returnTo })], 'completed'),
        );
      case 'fail': {
        const origin = { task: held.task, role: 'clerk' };
        const failed = told(held.task, 'TaskFailed', { error: ERROR, returnTo, origin });
        return this.leave(held, () => this.end(held, [failed], 'failed'));
      }
      case 'end':
        return this.leave(held, () =>
          this.end(held, [told(held.task, 'TaskCancelled', {})], 'cancelled'),
        );
      case 'park':
        return this.leave(held, () => held.park(1));
      default:
        return this.leave(held, () =>
          this.end(held, [told(held.task, 'TaskReleased', { epoch: 1 })], 'queued'),
        );
    }
  }

  /** A task ends after the calls that it started. */
  private async hasOpenCalls(task: TaskId): Promise<boolean> {
    const calls = [...(await this.tasks())].filter(([id]) => id.startsWith(`${task}.`));
    return calls.some(([, { state }]) => !ENDED.includes(state));
  }

  private async leave(held: Held, release: () => Promise<void>): Promise<void> {
    await release();
    this.held.delete(held.task);
  }

  private end(
    held: Held,
    items: Parameters<Held['append']>[0],
    as: Exclude<Release['as'], 'suspended'>,
  ): Promise<void> {
    return held.append(items, { as });
  }

  private async signal(): Promise<void> {
    const id = `s${(this.commands += 1)}`;
    const meta = { name: 'go', id, version: 1 };
    await this.store.signal({ wf: this.wf, id, name: 'go', meta, payload: '{}' });
  }

  private async cancel(): Promise<void> {
    const id = `c${(this.commands += 1)}`;
    const reply = await this.store.cancel({
      wf: this.wf,
      commandId: id,
      reason: 'a mistake',
      by: 'ann',
      rollback: false,
    });
    if (reply.reply === 'ok') this.settling = true;
  }

  private async reopen(choice: number): Promise<void> {
    const waiting = [...(await this.tasks())].filter(
      ([task, { state }]) => state === 'parked' || (state === 'failed' && task === ROOT_TASK),
    );
    const [task] = chosen(waiting, choice) ?? [];
    if (!task) return;
    const version = Number(await this.redis.hget(this.store.partitions.head(this.wf), 'version'));
    const { event } = told(task, 'TaskReopened', { keepUpTo: version, by: 'ann' });
    await this.store.resume(this.wf, `r${(this.commands += 1)}`, version, [event]);
  }
}

const happened = (task: TaskId): AppendItem =>
  told(task, 'EffectCommitted', { action: 'refund', key: 'o1', occurrence: 1, by: 'attempt' }, 1);

const didNot = (task: TaskId): AppendItem =>
  told(task, 'EffectNotPerformed', { attempt: 1, error: ERROR, retryInMs: null, timer: false }, 1);

const chosen = <T>(items: readonly T[], choice: number): T | undefined =>
  items[choice % Math.max(1, items.length)];
