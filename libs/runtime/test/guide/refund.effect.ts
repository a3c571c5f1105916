// #region effect
import { effect } from '@lockstep/runtime';
import type { Bank, Entry } from './bank.js';
import type { RefundRequest } from './refunds.contracts.js';

export const refundEffect = (bank: Bank) =>
  effect<RefundRequest, Entry>('refund', {
    risk: ({ amountCents }) => (amountCents > 50_000 ? 'high' : 'medium'),
    preview: ({ orderId, amountCents }) => ({ before: null, after: { orderId, amountCents } }),
    perform: ({ amountCents }, { key, signal }) => bank.book(key, amountCents, signal),
    probe: async (_, { key, signal }) => {
      const receipt = await bank.find(key, signal);
      return receipt ? { happened: true, receipt } : { happened: false };
    },
    timeout: '5s',
  });
// #endregion effect
