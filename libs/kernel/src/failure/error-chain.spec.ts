import { describe, expect, it } from '@jest/globals';
import type { TaskId } from '../events/event.js';
import { chainOf, MAX_CHAIN } from './error-chain.js';
import { CallFailed, NotPerformed } from './failures.js';

describe('the chain of an error', () => {
  it('tells an error and its causes, outermost first', () => {
    const error = new Error('the order is not there', { cause: new NotPerformed('busy', 5) });
    expect(chainOf(error)).toEqual([
      { name: 'Error', code: 'Error', kind: 'transient', message: 'the order is not there' },
      {
        name: 'NotPerformed',
        code: 'NotPerformed',
        kind: 'transient',
        message: 'busy',
        details: { retryAfterMs: 5 },
      },
    ]);
  });

  it('goes on with what a failed call had recorded', () => {
    const recorded = chainOf(new Error('deep'));
    const failed = new CallFailed('orders.lookup', recorded, {
      task: 'r.1' as TaskId,
      role: 'orders',
    });
    expect(chainOf(new Error('shallow', { cause: failed })).map(({ message }) => message)).toEqual([
      'shallow',
      'deep',
    ]);
  });

  it('is bounded in length and in size, also when causes go round', () => {
    const round = new Error('x'.repeat(5000));
    round.cause = round;
    const chain = chainOf(round);
    expect(chain).toHaveLength(MAX_CHAIN);
    expect(chain[0]?.message.length).toBeLessThanOrEqual(1001);
  });

  it('tells of what was thrown and is no error', () => {
    expect(chainOf('just text')).toEqual([
      { name: 'Thrown', code: 'Thrown', kind: 'transient', message: 'just text' },
    ]);
  });
});
