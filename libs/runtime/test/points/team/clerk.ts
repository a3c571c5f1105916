import { acting, EFFECT_TIMES, PATIENT } from '@lockstep/retail/effects';
import type { BankClient, BankEntry } from '@lockstep/retail/shop';
import { effect } from '@lockstep/runtime';
import { runClerk } from './clerk-role.js';

const bookEffect = (bank: BankClient) =>
  effect<BankEntry, string>('book', {
    ...EFFECT_TIMES,
    retry: PATIENT,
    perform: (entry, io) =>
      acting(io, async ({ key, signal }) => {
        await bank.book(entry, { signal });
        return key;
      }),
    probe: async (_, { key, signal }) =>
      (await bank.booking(key, { signal }))
        ? { happened: true, receipt: key }
        : { happened: false },
  });

await runClerk(async (bank, entry, task) => {
  await task.effect(bookEffect(bank), { key: entry.reference, input: entry });
});
