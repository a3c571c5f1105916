import { describe, expect, it } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import type { Head } from '@lockstep/store';
import { TenantInbox } from './tenant-inbox.js';
import { Watch } from './watch.js';

const head = (id: number, version: number): Head => ({
  wf: `wf-${id}` as WorkflowId,
  tenant: 'acme',
  type: 'job',
  status: 'running',
  version,
});
const inbox = (): TenantInbox => new TenantInbox(new Watch(new AbortController().signal));
const take = (from: TenantInbox): string[] => [...from.take()];

describe('what a client of a tenant has yet to be told', () => {
  it('begins with that it should read what was before', () => {
    expect(take(inbox())).toEqual(['event: reset\ndata: {}\n\n']);
  });

  it('is the newest of each workflow, once', () => {
    const mine = inbox();
    take(mine);
    mine.changed(head(1, 2));
    mine.changed(head(2, 2));
    mine.changed(head(1, 5));
    expect(take(mine).map((text) => /"id":"(.*?)".*"version":(\d+)/.exec(text)?.slice(1))).toEqual([
      ['wf-1', '5'],
      ['wf-2', '2'],
    ]);
    expect(take(mine)).toEqual([]);
  });

  it('is bounded: a client that is too slow is told to read anew', () => {
    const mine = inbox();
    for (let id = 0; id < 1500; id += 1) mine.changed(head(id, 1));
    const told = take(mine);
    expect(told[0]).toContain('event: reset');
    expect(told.length).toBeLessThanOrEqual(1000);
  });
});
