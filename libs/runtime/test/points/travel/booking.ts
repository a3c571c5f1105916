// What the team books at the bank, and how that is undone: by a booking of its own.

import { acting, EFFECT_TIMES, PATIENT, TeamConfig } from '@lockstep/retail/effects';
import { BankClient, type BankEntry } from '@lockstep/retail/shop';
import {
  effect,
  type EffectDefinition,
  type EffectIo,
  type Reverse,
  type TaskContext,
} from '@lockstep/runtime';
import type { Provider } from '@nestjs/common';
import type { Booked, Seat } from './contracts.js';

export type Booking = EffectDefinition<Seat, Booked>;

export const theBank: Provider = {
  provide: BankClient,
  useFactory: ({ shopUrl }: TeamConfig) => new BankClient(shopUrl),
  inject: [TeamConfig],
};

const entryOf = (database: string, reference: string): BankEntry => ({
  ...{ reference, database, order_id: '#W1' },
  ...{ transaction_type: 'payment', amount: 1, payment_method_id: 'cash' },
});

/** Books under the key of the effect, once. */
const booked = (bank: BankClient, { database }: { readonly database: string }, io: EffectIo) =>
  acting(io, async ({ key, signal }): Promise<Booked> => {
    await bank.book(entryOf(database, key), { signal });
    return { database, reference: key };
  });

/** Books without an effect: whoever repeats it books twice. */
export const bookBlindly = (bank: BankClient, database: string, name: string) =>
  bank.book(entryOf(database, keyOf({ database, name })));

/** How the bank is asked. */
const asked = (bank: BankClient) => ({
  ...EFFECT_TIMES,
  retry: PATIENT,
  probe: async ({ database }: { readonly database: string }, { key, signal }: EffectIo) =>
    (await bank.booking(key, { signal }))
      ? { happened: true as const, receipt: { database, reference: key } }
      : { happened: false as const },
});

/** @param compensate - default: the bank books the opposite */
export function bookingEffect(
  bank: BankClient,
  action: string,
  compensate: Reverse<Booked> = {
    ...asked(bank),
    perform: (receipt, io) => booked(bank, receipt, io),
  },
): Booking {
  const perform = (seat: Seat, io: EffectIo): Promise<Booked> => booked(bank, seat, io);
  return effect(action, { ...asked(bank), perform, compensate });
}

/** As {@link bookingEffect}, of a bank that books and does not answer. */
export function silentEffect(bank: BankClient, action: string): Booking {
  const { spec } = bookingEffect(bank, action);
  const perform = async (seat: Seat, io: EffectIo): Promise<never> => {
    await spec.perform(seat, io);
    throw new Error('the answer does not come');
  };
  return effect(action, { ...spec, perform });
}

export const book = (task: TaskContext, booking: Booking, seat: Seat): Promise<Booked> =>
  task.effect(booking, { key: keyOf(seat), input: seat });

export const keyOf = ({ database, name }: Seat): string => `${database}/${name}`;
