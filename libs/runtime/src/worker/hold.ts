// One claim of this process, from the moment its id was picked until the task is let go.

import type { ClaimId, TaskId, Version, WorkflowId } from '@lockstep/kernel';
import type { HeldTask } from '@lockstep/store';
import type { ClaimLost, ShuttingDown } from './claimed-task.js';

export class Hold {
  private readonly letGo = new AbortController();
  private readonly listeners: ((wokenAt: Version) => void)[] = [];
  private granted = false;
  private seenUpTo: Version = 0;

  constructor(
    readonly wf: WorkflowId,
    readonly task: TaskId,
    readonly claim: ClaimId,
  ) {}

  get lost(): AbortSignal {
    return this.letGo.signal;
  }

  /** What a heartbeat says of it; the claim is on its way until the store has granted it. */
  get listed(): HeldTask {
    const { wf, task, claim, granted, seenUpTo } = this;
    return { wf, task, claim: granted ? claim : null, seen: seenUpTo };
  }

  grant(startedAt: Version): void {
    this.granted = true;
    this.seen(startedAt);
  }

  /** The first reason counts. */
  lose(reason: ClaimLost | ShuttingDown): void {
    if (!this.lost.aborted) this.letGo.abort(reason);
  }

  seen(version: Version): void {
    this.seenUpTo = Math.max(this.seenUpTo, version);
  }

  onWoken(listener: (wokenAt: Version) => void): void {
    this.listeners.push(listener);
  }

  woken(wokenAt: Version): void {
    if (wokenAt <= this.seenUpTo) return;
    for (const listener of this.listeners) listener(wokenAt);
  }
}
