import type { BankEntry, ChangedRecord, Order, PaymentEntry } from '@lockstep/retail/shop';
import type { AssignedDatabase } from '../assignment/assignment.js';

/** What must be booked, or was; two bookings are the same when all of it is. */
export interface Booking extends Pick<BankEntry, 'database' | 'order_id' | keyof PaymentEntry> {
  /** Whether it takes another one back. */
  readonly isReverse: boolean;
}

/** How two lists that may hold things several times differ. */
export interface Difference {
  /** How many were expected. */
  readonly expected: number;
  readonly found: number;
  /** Expected and not there. */
  readonly lost: number;
  /** There once too often, or not expected at all. */
  readonly doubled: number;
}

/**
 * The payment entries that a database's orders have more than at first, and those that they had before a rollback, each
 * of these with its opposite.
 */
export function expectedBookings(
  { name: database, changed, undone }: Pick<AssignedDatabase, 'name' | 'changed' | 'undone'>,
  initialOrders: Readonly<Record<string, Order>>,
): Booking[] {
  const added = (records: readonly ChangedRecord[]): Booking[] =>
    records.flatMap(({ table, id, after }) => {
      if (table !== 'orders') return [];
      const before = initialOrders[id]?.payment_history.length ?? 0;
      const entries = after.payment_history.slice(before);
      return entries.map((entry) => ({ database, order_id: id, ...entry, isReverse: false }));
    });
  const taken = added(undone);
  return [...added(changed), ...taken, ...taken.map(reverseOf)];
}

/** What the bank has booked. Only the exact opposite of the entry that its reference names takes that one back. */
export function foundBookings(entries: readonly BankEntry[]): Booking[] {
  const byReference = new Map(entries.map((entry) => [entry.reference, entry]));
  return entries.map((entry) => {
    const [, taken] = UNDOES.exec(entry.reference) ?? [];
    const original = taken === undefined ? undefined : byReference.get(taken);
    const reverse = original && reverseOf({ ...original, isReverse: false });
    const booking = { ...entry, isReverse: true };
    const isReverse = reverse !== undefined && identityOf(reverse) === identityOf(booking);
    return { ...booking, isReverse };
  });
}

const UNDOES = /^undo:(.+)$/;

const reverseOf = (booking: Booking): Booking => ({
  ...booking,
  transaction_type: booking.transaction_type === 'refund' ? 'payment' : 'refund',
  isReverse: true,
});

/** Compares bookings with what was expected, amounts to the last bit. */
export function compareBookings(
  expected: readonly Booking[],
  found: readonly Booking[],
): Difference {
  return difference(expected.map(identityOf), found.map(identityOf));
}

/** Compares two lists of texts in which each may stand several times. */
export function difference(expected: readonly string[], found: readonly string[]): Difference {
  const open = countsOf(expected);
  let doubled = 0;
  for (const text of found) {
    const left = open.get(text) ?? 0;
    if (left === 0) doubled += 1;
    else open.set(text, left - 1);
  }
  const lost = [...open.values()].reduce((sum, left) => sum + left, 0);
  return { expected: expected.length, found: found.length, lost, doubled };
}

/** A number's JSON text reads back to the same double, so that equal texts are equal to the last bit. */
function identityOf(booking: Booking): string {
  const { database, order_id, transaction_type, amount, payment_method_id, isReverse } = booking;
  return JSON.stringify([
    ...[database, order_id],
    ...[transaction_type, amount, payment_method_id, isReverse],
  ]);
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
