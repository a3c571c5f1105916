import type { Booking, BookRequest } from '@lockstep/retail/contracts';
import { acting, BANK, EFFECT_TIMES, PATIENT } from '@lockstep/retail/effects';
import type { BankClient, BankEntry } from '@lockstep/retail/shop';
import { effect } from '@lockstep/runtime';

/** One entry at the bank. The amount travels as it is: the bank books it equal to the last bit. */
export const bookEffect = (bank: BankClient) =>
  effect<BookRequest, Booking>('book', {
    ...EFFECT_TIMES,
    retry: PATIENT,
    target: BANK,
    risk: 'high',
    preview: ({ orderId, payment }) => ({ before: null, after: { orderId, ...payment } }),
    perform: (request, io) =>
      acting(io, async ({ key, signal }) => {
        await bank.book(entryOf(request, key), { signal });
        return { reference: key };
      }),
    probe: async (_, { key, signal }) =>
      (await bank.booking(key, { signal }))
        ? { happened: true, receipt: { reference: key } }
        : { happened: false },
  });

function entryOf({ database, orderId, payment }: BookRequest, reference: string): BankEntry {
  return { reference, database, order_id: orderId, ...payment };
}
