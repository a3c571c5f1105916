import { describe, expect, it } from '@jest/globals';
import type { ActionResult } from '@lockstep/retail/contracts';
import type { JobEnd } from '../feed/gateway-client.js';
import { judge } from './job-verdict.js';

const done: ActionResult = { name: 'cancel_pending_order', ok: true, out: 'a' };
const refused: ActionResult = { ...done, ok: false, error: 'Error: order not found', out: 'b' };
const assigned = {
  job: { id: 'train-000', userId: 'u', actions: [] },
  database: 'd',
  results: [
    { ok: true, out: 'a' },
    { ok: false, error: 'Error: order not found', out: 'b' },
  ],
};
const undoing = { refusal: 'Error: order not found', writes: 1, changed: [], digest: '' };

const completed = (...results: ActionResult[]): JobEnd => ({
  workflow: 'wf-1',
  result: { results, transferred: false },
});
const failed = (failure: string): JobEnd => ({ workflow: 'wf-1', failure });

describe('the verdict on a job', () => {
  it('is good when every answer is as expected', () => {
    expect(judge(assigned, completed(done, refused))).toEqual({
      ...{ id: 'train-000', must: 'complete' },
      ...{ isEnded: true, areResultsEqual: true },
    });
  });

  it.each([
    ['a missing answer', [done]],
    ['another order', [refused, done]],
    ['another value', [{ ...done, out: 'c' }, refused]],
    ['another text', [done, { ...refused, error: 'Error: user not found' }]],
  ])('sees %s', (_, results) => {
    expect(judge(assigned, completed(...results)).areResultsEqual).toBe(false);
  });

  it.each([
    ['did not end', undefined],
    ['waits for a person', { problem: 'parked' }],
    ['was rolled back', failed('Error: order not found')],
  ])('sees a job that %s', (_, end) => {
    expect(judge(assigned, end)).toMatchObject({ isEnded: false, areResultsEqual: false });
  });
});

describe('the verdict on a job that must roll back', () => {
  const verdict = (end?: JobEnd) => judge({ ...assigned, undoing }, end);

  it('G6: is good when it failed for the reason that the shop had', () => {
    expect(verdict(failed('Error: order not found'))).toEqual({
      ...{ id: 'train-000', must: 'roll back' },
      ...{ isEnded: true, areResultsEqual: true },
    });
  });

  it('sees another reason', () => {
    const other = verdict(failed('Error: user not found'));
    expect(other).toMatchObject({ isEnded: true, areResultsEqual: false });
  });

  it('sees a job that completed', () => {
    const other = verdict(completed(done, refused));
    expect(other).toMatchObject({ isEnded: false, areResultsEqual: false });
  });
});
