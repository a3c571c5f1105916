import { describe, expect, it } from '@jest/globals';
import { Partitions, type LeaseReply } from '@lockstep/store';
import fc from 'fast-check';
import type { Lease } from './lease.js';
import { fairShare, Tenancy, type Tenant } from './tenancy.js';

/** Leases of a store without time: they last until they are given back or taken away. */
class Leases {
  readonly owners = new Map<number, { owner: string; epoch: number; checkpoint: string }>();
  readonly members = new Set<string>();

  constructor(readonly partitions: Partitions) {}

  lease = (partition: number, _name: string, owner: string, ms: number): Promise<LeaseReply> => {
    const held = this.owners.get(partition) ?? { owner: '', epoch: 0, checkpoint: '5-0' };
    if (held.owner !== '' && held.owner !== owner) {
      return Promise.resolve({ reply: 'taken', owner: held.owner });
    }
    const epoch = held.owner === owner ? held.epoch : held.epoch + 1;
    this.owners.set(partition, { ...held, owner: ms > 0 ? owner : '', epoch });
    return Promise.resolve({ reply: 'ok', epoch, checkpoint: held.checkpoint });
  };

  tenancy(owner: string, moves: string[] = []): Tenancy<Tenant> {
    this.members.add(owner);
    const members = {
      beat: () => Promise.resolve(this.members.size),
      leave: () => Promise.resolve(void this.members.delete(owner)),
    };
    const moveIn = (lease: Lease, checkpoint: string): Tenant => {
      moves.push(`in ${lease.partition} at ${checkpoint}`);
      const stop = (): Promise<void> => Promise.resolve(void moves.push(`out ${lease.partition}`));
      return { lease, checkpoint, stop };
    };
    return new Tenancy(this, members, owner, 1000, moveIn);
  }
}

const names = ['a', 'b', 'c', 'd', 'e'];

describe('the share of partitions', () => {
  it('gives every partition one owner, and none more than its share, in whatever order they come', async () => {
    const turns = fc.array(fc.constantFrom(...names), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), turns, async (count, order) => {
        const leases = new Leases(new Partitions(count));
        const tenancies = new Map<string, Tenancy<Tenant>>();
        for (const name of order) {
          const tenancy = tenancies.get(name) ?? leases.tenancy(name);
          tenancies.set(name, tenancy);
          await tenancy.turn();
        }
        // Some let go in the first round, so that the others find it in the second.
        for (const tenancy of [...tenancies.values(), ...tenancies.values()]) await tenancy.turn();
        const held = [...tenancies.values()].map((tenancy) => [...tenancy.held.keys()]);
        const all = tenancies.size === 0 ? [] : [...leases.partitions.tags.keys()];
        expect(held.flat().sort((a, b) => a - b)).toEqual(all);
        for (const some of held) {
          expect(some.length).toBeLessThanOrEqual(fairShare(count, tenancies.size));
        }
      }),
    );
  });

  it('comes to those who stay when one leaves', async () => {
    const leases = new Leases(new Partitions(4));
    const [first, second] = [leases.tenancy('a'), leases.tenancy('b')];
    for (const tenancy of [first, second]) await tenancy.turn();
    expect([first.held.size, second.held.size]).toEqual([2, 2]);
    await first.end();
    await second.turn();
    expect([first.held.size, second.held.size]).toEqual([0, 4]);
  });

  it('begins anew where the checkpoint is when that went back (S11)', async () => {
    const leases = new Leases(new Partitions(1));
    const moves: string[] = [];
    const tenancy = leases.tenancy('a', moves);
    await tenancy.turn();
    await tenancy.turn();
    expect(moves).toEqual(['in 0 at 5-0']);
    leases.owners.get(0)!.checkpoint = '4-9';
    await tenancy.turn();
    expect(moves).toEqual(['in 0 at 5-0', 'out 0', 'in 0 at 4-9']);
  });

  it('stops the work on a partition that another has', async () => {
    const leases = new Leases(new Partitions(1));
    const moves: string[] = [];
    const tenancy = leases.tenancy('a', moves);
    await tenancy.turn();
    leases.owners.set(0, { owner: 'b', epoch: 2, checkpoint: '6-0' });
    await tenancy.turn();
    expect(moves).toEqual(['in 0 at 5-0', 'out 0']);
  });
});
