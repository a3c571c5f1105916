import { describe, expect, it } from '@jest/globals';
import type { ActionResult } from '@lockstep/retail/contracts';
import { judge } from './job-verdict.js';

const done: ActionResult = { name: 'cancel_pending_order', ok: true, out: 'a' };
const refused: ActionResult = { ...done, ok: false, error: 'Error: order not found', out: 'b' };
const expected = [
  { ok: true, out: 'a' },
  { ok: false, error: 'Error: order not found', out: 'b' },
];

const verdict = (results: ActionResult[] | undefined) => judge('train-000', expected, results);

describe('the verdict on a job', () => {
  it('is good when every answer is as expected', () => {
    expect(verdict([done, refused])).toEqual({
      id: 'train-000',
      isCompleted: true,
      areResultsEqual: true,
    });
  });

  it.each([
    ['a missing answer', [done]],
    ['another order', [refused, done]],
    ['another value', [{ ...done, out: 'c' }, refused]],
    ['another text', [done, { ...refused, error: 'Error: user not found' }]],
  ])('sees %s', (_, results) => {
    expect(verdict(results).areResultsEqual).toBe(false);
  });

  it('sees a job that did not complete', () => {
    expect(verdict(undefined)).toMatchObject({ isCompleted: false, areResultsEqual: false });
  });
});
