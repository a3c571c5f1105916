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
  const { events, outside } = run;
  const operations = events
    .filter(({ type }) => RESULTS.has(type))
    .map(({ task, op }) => `${task} ${op}`);
  return [
    ...unless(run.digest === undisturbed.digest, 'result or state differs'),
    ...unless(outside.digest === undisturbed.outside.digest, 'the database differs'),
    ...counted(outside.cancellations, 'cancellations'),
    ...counted(outside.bookings.length, 'bookings'),
    ...unless(
      outside.bookings.every((entry) => moves(entry) === moves(undisturbed.outside.bookings[0]!)),
      'a booking differs',
    ),
    ...unless(
      events.every(({ version }, at) => version === at + 1),
      'the log has gaps',
    ),
    ...unless(new Set(operations).size === operations.length, 'an operation has two results'),
  ];
}

const unless = (isSo: boolean, fault: string): string[] => (isSo ? [] : [fault]);

const counted = (count: number, what: string): string[] =>
  unless(count === 1, `${count} ${what}: ${count === 0 ? 'lost' : 'doubled'}`);

/** What a booking says, that it is of another database left out. */
const moves = ({ order_id, transaction_type, amount, payment_method_id }: BankEntry): string =>
  JSON.stringify([order_id, transaction_type, amount, payment_method_id]);
