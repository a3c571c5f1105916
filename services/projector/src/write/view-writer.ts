// Writes views of one partition, under its lease.
//
//   Views and checkpoint are written together: after a crash the next owner goes on exactly behind what is in the
//   views. Of several calls only the last one moves the checkpoint.

import { LockstepError } from '@lockstep/contracts';
import type { Store, View } from '@lockstep/store';
import { type Lease, PROJECTOR } from '../lease/lease.js';

/** Another has the lease: nothing was written, and nothing further may be. */
export class LeaseLost extends LockstepError {
  readonly code = 'LeaseLost';
  readonly kind = 'fenced';

  constructor({ partition, owner, epoch }: Lease) {
    super(`partition ${partition} is no longer projected by ${owner} under epoch ${epoch}`, {
      partition,
      owner,
      epoch,
    });
  }
}

/** What one call may write, so that others need not wait long for the store. */
const MOST_CHARS = 1024 * 1024;

export class ViewWriter {
  constructor(
    readonly lease: Lease,
    private position: string,
    private readonly store: Pick<Store, 'project'>,
  ) {}

  /** Position in the feed up to which everything is written. */
  get checkpoint(): string {
    return this.position;
  }

  /** @throws LeaseLost */
  async write(views: readonly View[], checkpoint: string): Promise<void> {
    const groups = groupsOf(views, MOST_CHARS);
    const last = groups.pop() ?? [];
    for (const group of groups) await this.project(group, this.position);
    await this.project(last, checkpoint);
    this.position = checkpoint;
  }

  private async project(views: readonly View[], checkpoint: string): Promise<void> {
    const { partition, owner, epoch } = this.lease;
    const ours = await this.store.project(partition, PROJECTOR, owner, epoch, checkpoint, views);
    if (!ours) throw new LeaseLost(this.lease);
  }
}

/** Views in groups of bounded size, in order; a view that is larger makes a group of its own. */
export function groupsOf(views: readonly View[], mostChars: number): View[][] {
  const groups: View[][] = [];
  let room = 0;
  for (const view of views) {
    room -= view.body.length;
    const group = room < 0 ? undefined : groups.at(-1);
    if (group) group.push(view);
    else {
      groups.push([view]);
      room = mostChars - view.body.length;
    }
  }
  return groups;
}
