import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@lockstep/kernel';
import type { BankEntry } from '@lockstep/retail/shop';
import { faultsOf } from './judge.js';
import type { Run } from './lane.js';

const booking: BankEntry = {
  reference: 'lane-1-1/x/0',
  database: 'lane-1-1',
  order_id: '#W1',
  transaction_type: 'refund',
  amount: 1.1,
  payment_method_id: 'p',
};
const step = (version: number, op: number) =>
  ({ version, type: 'StepCompleted', task: 'r', op }) as RecordedEvent;

const good: Run = {
  wasReached: true,
  calls: [],
  digest: 'd',
  events: [step(1, 1), step(2, 2)],
  outside: { digest: 's', cancellations: 1, bookings: [booking] },
  leftovers: [],
};
const outside = (left: Partial<Run['outside']>): Run => ({
  ...good,
  outside: { ...good.outside, ...left },
});

describe('the faults of a run', () => {
  it('are none when it left what an undisturbed one left', () => {
    const other = { ...booking, database: 'lane-2-1', reference: 'lane-2-1/x/0' };
    expect(faultsOf(outside({ bookings: [other] }), good)).toEqual([]);
  });

  it.each<[string, Run]>([
    ['result or state differs', { ...good, digest: 'e' }],
    ['the database differs', outside({ digest: 't' })],
    ['0 cancellations: lost', outside({ cancellations: 0 })],
    ['2 cancellations: doubled', outside({ cancellations: 2 })],
    ['0 bookings: lost', outside({ bookings: [] })],
    ['2 bookings: doubled', outside({ bookings: [booking, booking] })],
    ['a booking differs', outside({ bookings: [{ ...booking, amount: 1.2 }] })],
    ['the log has gaps', { ...good, events: [step(1, 1), step(3, 2)] }],
    ['left in the store: a timer', { ...good, leftovers: ['a timer'] }],
    ['an operation has two results', { ...good, events: [step(1, 1), step(2, 1)] }],
  ])('tell that %s', (fault, run) => {
    expect(faultsOf(run, good)).toEqual([fault]);
  });
});
