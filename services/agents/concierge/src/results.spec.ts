import { describe, expect, it } from '@jest/globals';
import { sha256 } from '@lockstep/retail/shop';
import { mustBeDone, progressOf, resultOf } from './results.js';

const cancel = {
  name: 'cancel_pending_order',
  arguments: { order_id: '#W1', reason: 'no longer needed' },
  index: 0,
} as const;
const find = { name: 'find_user_id_by_email', arguments: { email: 'a@b.c' }, index: 1 } as const;

describe('the result of an action', () => {
  it('is the digest of a record in canonical form', () => {
    const { out } = resultOf(cancel, { ok: true, value: { b: 1, a: [2] } });
    expect(out).toBe(sha256('{"a":[2],"b":1}'));
  });

  it('is the digest of a text as a JSON string', () => {
    expect(resultOf(find, { ok: true, value: 'ann_1' }).out).toBe(sha256('"ann_1"'));
  });

  it("is the shop's text when it refused", () => {
    const error = 'Error: order not found';
    const result = resultOf(cancel, { ok: false, error });
    expect(result).toEqual({ name: cancel.name, ok: false, error, out: sha256(`"${error}"`) });
  });
});

describe('a job that is done whole or not at all', () => {
  const error = 'Error: order not found';

  it("G6: fails with the shop's text once a write is refused", () => {
    const results = [resultOf(cancel, { ok: false, error })];
    expect(() => mustBeDone(results)).toThrow(expect.objectContaining({ message: error }));
  });

  it('goes on after a read that was refused', () => {
    const results = [
      resultOf(find, { ok: false, error }),
      resultOf(cancel, { ok: true, value: {} }),
    ];
    expect(mustBeDone(results)).toBe(results);
  });
});

describe('the summary of a job', () => {
  it('names what was done, the order that was changed and what was booked', () => {
    const results = [{ name: cancel.name, ok: true, out: '' }];
    expect(progressOf([cancel], results, 1)).toEqual({
      done: ['cancel_pending_order: done'],
      ordersChanged: ['#W1'],
      bookings: 1,
    });
  });

  it('counts what was refused, and no order as changed', () => {
    const results = [{ name: cancel.name, ok: false, error: 'Error: invalid reason', out: '' }];
    expect(progressOf([cancel], results, 0)).toEqual({
      done: ['cancel_pending_order: Error: invalid reason'],
      refused: 1,
    });
  });
});
