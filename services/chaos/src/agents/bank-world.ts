import { acting, EFFECT_TIMES } from '@lockstep/retail/effects';
import { BankClient, type BankEntry } from '@lockstep/retail/shop';
import { type EffectIo, Rejected } from '@lockstep/runtime';
import type { Deed, OutsideWorld, Times } from '../programs/outside.js';

/** Outlasts an outside world that is down for a while; none of it counts as a failure of a program. */
export const TIMES: Times = {
  ...EFFECT_TIMES,
  retry: { attempts: 100, baseMs: 200, capMs: 1000 },
};

/**
 * The bank as the outside world: a deed is a booking under its key, in a book of its program. The bank books as
 * often as it is asked to: where a provider is said to honour the key, two bookings under one count as one.
 */
export class BankWorld implements OutsideWorld {
  readonly #bank: BankClient;

  constructor(url: string) {
    this.#bank = new BankClient(url);
  }

  async act({ name, key, refusal }: Deed, io: EffectIo): Promise<void> {
    if (refusal !== undefined) throw new Rejected(refusal);
    await acting(io, ({ key: reference, signal }) =>
      this.#bank.book(bookingOf(name, key, reference), { signal }),
    );
  }

  async hasActed(_deed: Deed, { key, signal }: EffectIo): Promise<boolean> {
    return (await this.#bank.booking(key, { signal })) !== undefined;
  }
}

const bookingOf = (name: string, key: string, reference: string): BankEntry => ({
  ...{ reference, database: name, order_id: key },
  ...{ transaction_type: 'payment', amount: 1, payment_method_id: 'cash' },
});
