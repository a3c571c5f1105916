// #region spec
import { describe, expect, it, jest } from '@jest/globals';
import type { TaskContext } from '@lockstep/runtime';
import type { Bank } from './bank.js';
import { RefundsAgent } from './refunds.agent.js';

/** A context that does everything at once and records nothing. */
function atOnce(): TaskContext {
  const { signal } = new AbortController();
  const context: Partial<TaskContext> = {
    step: async (_name, run) => run({ signal }),
    effect: ({ spec }, { key, input }) => spec.perform(input, { key, signal }),
    signal: <Payload>() => Promise.resolve({ by: 'ann' } as Payload),
    state: <State>() => ({
      read: () => Promise.resolve({} as State),
      merge: () => Promise.resolve(),
      update: () => Promise.resolve(),
    }),
  };
  return context as TaskContext;
}

describe('the refunds agent', () => {
  it('books the amount at the bank, under the order’s id', async () => {
    const book = jest.fn<Bank['book']>().mockResolvedValue({ entryId: 'e1', amountCents: 60_000 });
    const agent = new RefundsAgent({ book } as unknown as Bank);
    const receipt = await agent.refund({ orderId: 'W7', amountCents: 60_000 }, atOnce());
    expect(receipt).toEqual({ entryId: 'e1' });
    expect(book).toHaveBeenCalledWith('W7', 60_000, expect.any(AbortSignal));
  });
});
// #endregion spec
