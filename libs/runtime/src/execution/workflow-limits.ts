// What a workflow may come to, as seen by one task of it. Past a limit the workflow is held as a whole.

import { LockstepError } from '@lockstep/contracts';
import { chainOf, type Version } from '@lockstep/kernel';
import type { Store } from '@lockstep/store';
import type { ClaimedTask } from '../worker/claimed-task.js';
import type { Clock } from './clock.js';
import { repeatUntilAnswered } from './repeat.js';

/** A workflow has come to a limit of its type: a person looks at it before it goes on. */
export class LimitExceeded extends LockstepError {
  readonly code = 'LimitExceeded';
  readonly kind = 'permanent';

  constructor(what: 'tasks' | 'events', limit: number) {
    super(`it has come to its limit of ${limit} ${what}, and is not at its end`, { what, limit });
  }
}

export class WorkflowLimits {
  private exceeded: LimitExceeded | undefined;

  constructor(
    private readonly claimed: Pick<ClaimedTask, 'wf' | 'limits'>,
    private readonly ports: {
      readonly store: Pick<Store, 'holdPastLimits'>;
      readonly clock: Clock;
    },
  ) {}

  /** Nothing more is begun. */
  get arePassed(): boolean {
    return this.exceeded !== undefined;
  }

  /** @param version - of the last event that is known */
  countEvents(version: Version): void {
    const limit = this.claimed.limits.events ?? Infinity;
    if (version > limit) this.pass(new LimitExceeded('events', limit));
  }

  /** The store has refused something for it. */
  pass(exceeded: LimitExceeded): void {
    this.exceeded ??= exceeded;
  }

  /**
   * Holds the workflow, this task included.
   *
   * @returns false when a person has granted it more meanwhile, or it is being ended
   */
  async hold(lost: AbortSignal): Promise<boolean> {
    const { wf, limits } = this.claimed;
    const { store, clock } = this.ports;
    const error = chainOf(this.exceeded);
    const { reply } = await repeatUntilAnswered(
      () => store.holdPastLimits(wf, limits, error),
      clock,
      lost,
    );
    return reply !== 'ended';
  }
}
