import { describe, expect, it } from '@jest/globals';
import { ASKED_BEFORE } from '@lockstep/retail/contracts';
import type { ToolName } from '@lockstep/retail/shop';
import { refusedWrites, withKeysTaken } from './outcome.js';

const cancel = (order_id: string) =>
  ({ name: 'cancel_pending_order', arguments: { order_id, reason: 'no longer needed' } }) as const;
const read = { name: 'get_order_details', arguments: { order_id: '#W1' } } as const;
const address = {
  name: 'modify_pending_order_address',
  arguments: { order_id: '#W1', zip: '1' },
} as const;

const job = (
  id: string,
  ...actions: { readonly name: ToolName; readonly arguments: object }[]
) => ({ id, userId: 'u', actions });
const done = { ok: true, out: 'a' };
const refused = { ok: false, error: 'Error: non-pending order cannot be cancelled', out: 'b' };

describe('the answers of jobs on one database', () => {
  it('G5: are that the order has had it, once a write of that key was done', () => {
    const jobs = [job('a', cancel('#W1')), job('b', cancel('#W1'))];
    expect(withKeysTaken(jobs, [[done], [refused]])).toEqual([
      [done],
      [expect.objectContaining({ ok: false, error: ASKED_BEFORE })],
    ]);
  });

  it('are those of the shop while no such write was done', () => {
    const jobs = [job('a', cancel('#W1')), job('b', cancel('#W1'), cancel('#W2'))];
    const answers = [[refused], [done, refused]];
    expect(withKeysTaken(jobs, answers)).toEqual(answers);
  });

  it('are those of the shop for reads, and for writes that may be repeated', () => {
    const jobs = [job('a', read, address), job('b', read, address)];
    const answers = [
      [done, done],
      [done, done],
    ];
    expect(withKeysTaken(jobs, answers)).toEqual(answers);
  });

  it('name the writes that were refused', () => {
    const jobs = [job('a', read, cancel('#W1')), job('b', read)];
    const { error } = refused;
    expect(refusedWrites(jobs, [[refused, refused], [refused]])).toEqual([
      { task: 'a', action: 1, error },
    ]);
  });
});
