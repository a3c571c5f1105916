import type { RecordedEvent } from '@lockstep/kernel';
import type { BankEntry } from '@lockstep/retail/shop';
import type { Run } from './lane.js';

/** Events of which an operation has at most one. */
const RESULTS = new Set<RecordedEvent['type']>([
  'StepCompleted',
  'EffectCommitted',
  'StateChanged',
  'TimerFired',
]);

/** What is wrong with a run, compared with one that nobody disturbed; nothing when all is as it must be. */
export function faultsOf(run: Run, undisturbed: Run): string[] {
  const { outside } = run;
  return [
    ...unless(run.digest === undisturbed.digest, 'result or state differs'),
    ...unless(outside.digest === undisturbed.outside.digest, 'the database differs'),
    ...counted(outside.cancellations, 'cancellations'),
    ...counted(outside.bookings.length, 'bookings'),
    ...unless(
      outside.bookings.every((entry) => moves(entry) === moves(undisturbed.outside.bookings[0]!)),
      'a booking differs',
    ),
    ...logFaultsOf(run),
  ];
}

/** What is wrong with the log of a run, and with what is left of it in the store. */
export function logFaultsOf({ events, leftovers }: Run): string[] {
  const operations = events
    .filter(({ type }) => RESULTS.has(type))
    .map(({ task, op }) => `${task} ${op}`);
  return [
    ...unless(
      events.every(({ version }, at) => version === at + 1),
      'the log has gaps',
    ),
    ...unless(new Set(operations).size === operations.length, 'an operation has two results'),
    ...leftovers.map((what) => `left in the store: ${what}`),
  ];
}

/** What differs from how it must be. */
export const differing = (
  what: string,
  found: readonly string[],
  wanted: readonly string[],
): string[] =>
  unless(
    found.join() === wanted.join(),
    `${what} is ${found.join(', ')} instead of ${wanted.join(', ')}`,
  );

export const unless = (isSo: boolean, fault: string): string[] => (isSo ? [] : [fault]);

const counted = (count: number, what: string): string[] =>
  unless(count === 1, `${count} ${what}: ${count === 0 ? 'lost' : 'doubled'}`);

/** What a booking says, that it is of another database left out. */
const moves = ({ order_id, transaction_type, amount, payment_method_id }: BankEntry): string =>
  JSON.stringify([order_id, transaction_type, amount, payment_method_id]);
