// The specification of lease, project and trim.

import type { LeaseReply, View } from '../../src/index.js';
import { RecoveryModel } from './recovery.js';

interface Lease {
  owner: string;
  epoch: number;
  end: number;
  /** Id of an entry of the feed, as the model knows it. */
  checkpoint: string;
}

export const START = 'f0';

export class ProjectionModel extends RecoveryModel {
  readonly leases = new Map<string, Lease>();
  readonly views = new Map<string, View>();

  lease(_partition: number, name: string, owner: string, leaseMs: number): LeaseReply {
    const now = this.advance();
    const found = this.leases.get(name);
    if (found && found.owner !== owner && found.end > now)
      return { reply: 'taken', owner: found.owner };
    if (found?.owner !== owner && leaseMs === 0)
      return { reply: 'taken', owner: found?.owner ?? '' };
    const { epoch, checkpoint } = found ?? { epoch: 0, checkpoint: START };
    const next = found?.owner === owner ? epoch : epoch + 1;
    this.leases.set(name, { owner, epoch: next, end: now + leaseMs, checkpoint });
    return { reply: 'ok', epoch: next, checkpoint };
  }

  project(
    _partition: number,
    name: string,
    owner: string,
    epoch: number,
    checkpoint: string,
    views: readonly View[],
  ): boolean {
    const lease = this.leases.get(name);
    if (lease?.owner !== owner || lease.epoch !== epoch) return false;
    if (positionOf(checkpoint) < positionOf(lease.checkpoint)) return true;
    for (const view of views) if (this.workflows.has(view.wf)) this.views.set(view.wf, view);
    lease.checkpoint = checkpoint;
    return true;
  }

  trim(_partition: number, readers: readonly string[]): number {
    const passed = readers.map((name) => positionOf(this.leases.get(name)?.checkpoint ?? START));
    const gone = this.feed.filter(({ id }) => positionOf(id) < Math.min(...passed)).length;
    this.feed.splice(0, gone);
    return gone;
  }
}

const positionOf = (id: string): number => Number(id.slice(1));
