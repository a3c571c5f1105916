// Which partitions this projector works on.
//
//   N1. A partition has one owner, by its lease. Whoever lost one finds out at the latest when it writes.
//   N2. Each of n projectors takes at most the n-th part of all partitions, rounded up, and lets go of what it has
//       beyond that. So all partitions have an owner, and a newcomer gets its share with the next turns.
//   N3. A checkpoint that went back, or another epoch than before, means that the store was rewound (S11): what is
//       known of that partition is forgotten, and the work begins at the checkpoint that is there now.

import { isBefore, type Store } from '@lockstep/store';
import { type Lease, PROJECTOR } from './lease.js';
import type { Members } from './members.js';

/** What is done with a partition while it is ours. */
export interface Tenant {
  readonly lease: Lease;
  /** Position in the feed up to which everything is written. */
  readonly checkpoint: string;
  /** It is ours no more: nothing further is begun. */
  stop(): Promise<void>;
}

export class Tenancy<Held extends Tenant> {
  private readonly tenants = new Map<number, Held>();

  constructor(
    private readonly store: Pick<Store, 'lease' | 'partitions'>,
    private readonly members: Pick<Members, 'beat' | 'leave'>,
    private readonly owner: string,
    private readonly leaseMs: number,
    private readonly moveIn: (lease: Lease, checkpoint: string) => Held,
  ) {}

  get held(): ReadonlyMap<number, Held> {
    return this.tenants;
  }

  /** Renews what is held, and moves towards the fair share (N2). */
  async turn(): Promise<void> {
    const members = await this.members.beat();
    const share = fairShare(this.store.partitions.count, members);
    await Promise.all([...this.tenants.values()].map((tenant) => this.renew(tenant)));
    const surplus = [...this.tenants.values()].slice(share);
    await Promise.all(surplus.map((tenant) => this.giveBack(tenant)));
    for (const partition of this.store.partitions.tags.keys()) {
      if (this.tenants.size >= share) return;
      if (!this.tenants.has(partition)) await this.take(partition);
    }
  }

  /** It turned out that the lease is another's. */
  async lost({ lease: { partition } }: Tenant): Promise<void> {
    const tenant = this.tenants.get(partition);
    this.tenants.delete(partition);
    await tenant?.stop();
  }

  /** Gives everything back, so that others go on at once. */
  async end(): Promise<void> {
    await this.members.leave();
    await Promise.all([...this.tenants.values()].map((tenant) => this.giveBack(tenant)));
  }

  private async renew(tenant: Held): Promise<void> {
    const { checkpoint, lease } = tenant;
    const reply = await this.store.lease(lease.partition, PROJECTOR, this.owner, this.leaseMs);
    if (this.tenants.get(lease.partition) !== tenant) return;
    if (reply.reply === 'taken') return this.lost(tenant);
    if (reply.epoch === lease.epoch && !isBefore(reply.checkpoint, checkpoint)) return;
    await this.lost(tenant); // N3
    this.settle(lease.partition, reply.epoch, reply.checkpoint);
  }

  private async take(partition: number): Promise<void> {
    const reply = await this.store.lease(partition, PROJECTOR, this.owner, this.leaseMs);
    if (reply.reply === 'ok') this.settle(partition, reply.epoch, reply.checkpoint);
  }

  private settle(partition: number, epoch: number, checkpoint: string): void {
    const lease = { partition, owner: this.owner, epoch };
    this.tenants.set(partition, this.moveIn(lease, checkpoint));
  }

  private async giveBack(tenant: Tenant): Promise<void> {
    await this.lost(tenant);
    await this.store.lease(tenant.lease.partition, PROJECTOR, this.owner, 0);
  }
}

/** How many of the partitions one of so many members may hold. */
export const fairShare = (partitions: number, members: number): number =>
  Math.ceil(partitions / Math.max(1, members));
