// The one appender of a claim (S3).
//
//   A1. One append is in flight at a time, under the next number.
//   A2. What is repeated is the same append under the same number, so that a lost reply does no harm.
//   A3. After an answer that says another owns the task, nothing is sent any more.

import { LockstepError } from '@lockstep/contracts';
import type { OperationNumber, Version } from '@lockstep/kernel';
import type { Append, AppendItem, AppendReply, Release, Store } from '@lockstep/store';
import { ClaimLost, type ClaimedTask } from '../worker/claimed-task.js';
import type { Clock } from './clock.js';
import type { ExecutionEvents } from './execution-events.js';
import { LimitExceeded } from './workflow-limits.js';
import { repeatUntilAnswered } from './repeat.js';

export type Appended = Extract<AppendReply, { readonly reply: 'ok' | 'duplicate' }>;
export type Conflict = Extract<AppendReply, { readonly reply: 'conflict' }>;

export interface AppendOptions {
  readonly readUpTo: Version;
  readonly release?: Release;
  readonly untimers?: readonly OperationNumber[];
  readonly dead?: NonNullable<Append['dead']>;
  readonly rollback?: NonNullable<Append['rollback']>;
}

export class TooManyTasks extends LockstepError {
  readonly code = 'TooManyTasks';
  readonly kind = 'permanent';

  constructor(limit: number) {
    super(
      `a workflow has at most ${limit} tasks, ended ones included; ` +
        'start further workflows for more, or let one task do more',
      { limit },
    );
  }
}

export class Appender {
  private number = 0;

  constructor(
    private readonly store: Pick<Store, 'append'>,
    private readonly claimed: Pick<ClaimedTask, 'wf' | 'task' | 'claim' | 'lost' | 'limits'>,
    private readonly clock: Clock,
    private readonly events: Pick<ExecutionEvents, 'appended'>,
  ) {}

  /**
   * Appends under the next number.
   *
   * @throws ClaimLost when another owns the task
   * @throws TooManyTasks when no workflow may have as many
   * @throws LimitExceeded when this one may not
   */
  append(items: readonly AppendItem[], options: AppendOptions): Promise<Appended | Conflict> {
    const { wf, task, claim, limits } = this.claimed;
    const append: Append = {
      ...{ wf, task, claim, number: this.number + 1, items },
      ...options,
      ...(limits.tasks !== null && { tasksLimit: limits.tasks }),
    };
    const answered = (reply: AppendReply): Appended | Conflict => this.answered(append, reply);
    return this.store.append(append).then(answered, () => this.repeat(append));
  }

  /** A2 */
  private async repeat(append: Append): Promise<Appended | Conflict> {
    const { clock, claimed, store } = this;
    return this.answered(
      append,
      await repeatUntilAnswered(() => store.append(append), clock, claimed.lost),
    );
  }

  private answered(append: Append, reply: AppendReply): Appended | Conflict {
    this.events.appended(append, reply.reply);
    if (reply.reply === 'conflict') return reply;
    if (reply.reply === 'limit') throw this.limited(reply.tasks);
    if (reply.reply === 'fenced' || reply.reply === 'rewound') {
      const { wf, task, claim } = this.claimed;
      throw new ClaimLost(`the store answered ${reply.reply}`, { wf, task, claim }); // A3
    }
    this.number += 1;
    return reply;
  }

  private limited(tasks: number): LockstepError {
    return tasks === this.claimed.limits.tasks
      ? new LimitExceeded('tasks', tasks)
      : new TooManyTasks(tasks);
  }
}
