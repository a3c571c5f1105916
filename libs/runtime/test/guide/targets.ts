// #region declare
import { effect, target, type TaskContext } from '@lockstep/runtime';
import type { Bank } from './bank.js';

/** All that goes to the bank, whichever effect or step it is for. */
export const bankTarget = target('bank', {
  breaker: { windowMs: 30_000, minimum: 10, failureRate: 0.5, openMs: 15_000, probes: 3 },
  rate: { perSecond: 20, burst: 40 },
  concurrency: 10,
});
/** A model: no limits but the breaker, and more time for one answer. */
export const modelTarget = target('claims-model', { timeout: '2m' });
// #endregion declare

// #region use
export const payoutEffect = (bank: Bank) =>
  effect<{ amountCents: number }, { entryId: string }>('payout', {
    target: bankTarget,
    perform: ({ amountCents }, { key, signal }) => bank.book(key, amountCents, signal),
    deduplicates: true,
  });

export const classify = (task: TaskContext, ask: (signal: AbortSignal) => Promise<string>) =>
  task.step('classify', ({ signal }) => ask(signal), { target: modelTarget });
// #endregion use
