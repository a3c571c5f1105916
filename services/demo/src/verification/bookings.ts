import type { BankEntry, Order, PaymentEntry } from '@lockstep/retail/shop';
import type { AssignedDatabase } from '../assignment/assignment.js';

/** What must be booked, or was; two bookings are the same when all of it is. */
export type Booking = Pick<BankEntry, 'database' | 'order_id' | keyof PaymentEntry>;

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

/** The payment entries that a database's orders have more than at first. */
export function expectedBookings(
  { name: database, changed }: Pick<AssignedDatabase, 'name' | 'changed'>,
  initialOrders: Readonly<Record<string, Order>>,
): Booking[] {
  return changed.flatMap(({ table, id, after }) => {
    if (table !== 'orders') return [];
    const before = initialOrders[id]?.payment_history.length ?? 0;
    const added = after.payment_history.slice(before);
    return added.map((entry) => ({ database, order_id: id, ...entry }));
  });
}

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
  const { database, order_id, transaction_type, amount, payment_method_id } = booking;
  return JSON.stringify([database, order_id, transaction_type, amount, payment_method_id]);
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
