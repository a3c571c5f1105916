import { describe, expect, it } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import type { Store, View } from '@lockstep/store';
import fc from 'fast-check';
import { groupsOf, LeaseLost, ViewWriter } from './view-writer.js';

const viewOf = (chars: number): View => ({
  ...{ wf: 'wf-1' as WorkflowId, version: 1, tenant: 'acme', type: 'job', status: 'running' },
  ...{ startedAtMs: 0, digest: '', body: 'x'.repeat(chars) },
});
const lease = { partition: 0, owner: 'me', epoch: 1 };

/** A store that keeps what it was told, and refuses from one call on. */
function storeUntil(refusesAt: number): Pick<Store, 'project'> & { readonly calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    project: (_partition, _name, _owner, _epoch, checkpoint, views) => {
      calls.push(`${views.length} at ${checkpoint}`);
      return Promise.resolve(calls.length < refusesAt);
    },
  };
}

describe('writing views', () => {
  it('groups them by size, in order, with none left out and none empty', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30)), (sizes) => {
        const views = sizes.map(viewOf);
        const groups = groupsOf(views, 20);
        expect(groups.flat()).toEqual(views);
        for (const group of groups) {
          const chars = group.reduce((sum, { body }) => sum + body.length, 0);
          expect(group.length === 1 || chars <= 20).toBe(true);
        }
      }),
    );
  });

  it('moves the checkpoint with the last group alone', async () => {
    const store = storeUntil(Infinity);
    const writer = new ViewWriter(lease, '1-0', store);
    const half = viewOf(600 * 1024);
    await writer.write([half, half], '2-0');
    await writer.write([], '3-0');
    expect(store.calls).toEqual(['1 at 1-0', '1 at 2-0', '0 at 3-0']);
    expect(writer.checkpoint).toBe('3-0');
  });

  it('G2: writes nothing more once the lease is another’s', async () => {
    const store = storeUntil(1);
    const writer = new ViewWriter(lease, '1-0', store);
    const half = viewOf(600 * 1024);
    await expect(writer.write([half, half], '2-0')).rejects.toThrow(LeaseLost);
    expect([store.calls, writer.checkpoint]).toEqual([['1 at 1-0'], '1-0']);
  });
});
