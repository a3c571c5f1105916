import type { BookRequest } from '@lockstep/retail/contracts';
import { acting, BANK, EFFECT_TIMES, PATIENT } from '@lockstep/retail/effects';
import type { BankClient, BankEntry } from '@lockstep/retail/shop';
import { effect, type EffectIo, type ProbeAnswer } from '@lockstep/runtime';

/** One entry at the bank. The amount travels as it is: the bank books it equal to the last bit. */
export const bookEffect = (bank: BankClient) =>
  effect<BookRequest, BankEntry>('book', {
    ...EFFECT_TIMES,
    retry: PATIENT,
    target: BANK,
    risk: 'high',
    preview: ({ orderId, payment }) => ({ before: null, after: { orderId, ...payment } }),
    perform: (request, io) =>
      acting(io, async ({ key, signal }) => {
        return bank.book(entryOf(request, key), { signal });
      }),
    probe: (_, io) => booked(bank, io),
    compensate: {
      ...EFFECT_TIMES,
      retry: PATIENT,
      target: BANK,
      perform: (entry, io) =>
        acting(io, ({ key, signal }) => bank.book(oppositeOf(entry, key), { signal })),
      probe: (_, io) => booked(bank, io),
    },
  });

async function booked(
  bank: BankClient,
  { key, signal }: EffectIo,
): Promise<ProbeAnswer<BankEntry>> {
  const receipt = await bank.booking(key, { signal });
  return receipt ? { happened: true, receipt } : { happened: false };
}

/** A bank strikes nothing out: what was paid comes back, what was refunded is charged again. */
function oppositeOf(entry: BankEntry, reference: string): BankEntry {
  const isPayment = entry.transaction_type === 'payment';
  return { ...entry, reference, transaction_type: isPayment ? 'refund' : 'payment' };
}

function entryOf({ database, orderId, payment }: BookRequest, reference: string): BankEntry {
  return { reference, database, order_id: orderId, ...payment };
}
