import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@lockstep/kernel';
import type { BankEntry } from '@lockstep/retail/shop';
import { redriveFaultsOf } from './judge-redrive.js';
import { rollbackFaultsOf } from './judge-rollback.js';
import type { Run } from './lane.js';

const runOf = (names: readonly string[], events: readonly RecordedEvent[]): Run => ({
  ...{ wasReached: true, calls: [], digest: 'd', events, leftovers: [] },
  outside: { digest: 's', cancellations: 0, bookings: names.map(bookingOf) },
});
const bookingOf = (name: string): BankEntry =>
  ({ reference: name.replace(/(?=[^:]*$)/, 'lane-1/') }) as BankEntry;

const NAMES = ['stock', 'aisle', 'window', 'window-luggage', 'last', 'hold'];
const UNDONE = ['undo:hold', 'undo:last', 'undo:window-luggage', 'undo:window', 'undo:aisle'];
const DONE = [...NAMES, 'go', ...UNDONE, 'put-back', 'mail'];

/** Of the six effects, and what tells that they were undone. */
const events = (undone: readonly string[]): RecordedEvent[] =>
  [
    ...NAMES.map((name) => ({ type: 'EffectCommitted', task: 'r', name })),
    ...undone.map((name) => ({ type: 'EffectCompensated', task: '~1', name })),
  ].map(({ type, task, name }, at) => ({
    ...{ type, task, op: at, version: at + 1, meta: { key: `lane-1/${name}` } },
  })) as unknown as RecordedEvent[];

const faultsOf = (names: readonly string[], undone = [...NAMES].reverse()): string =>
  rollbackFaultsOf(runOf(names, events(undone))).join('; ');

const ORDER = 'undone is';

describe('the faults of a run that was rolled back', () => {
  it('are not in what was booked, and undone in reverse order of commit', () => {
    expect(faultsOf(DONE)).not.toMatch(/booked|committed|undone is|told/);
  });

  it.each([
    ['booked is', ['stock', ...DONE]],
    ['booked is', DONE.slice(1)],
    [ORDER, DONE.filter((name) => name !== 'undo:last')],
    [ORDER, [...DONE, 'mail']],
    [ORDER, DONE.filter((name) => name !== 'put-back')],
    [ORDER, [...NAMES, ...[...UNDONE].reverse(), 'put-back', 'mail']],
    [ORDER, [...NAMES, ...UNDONE, 'mail', 'put-back']],
  ])('tell that what is %s differs', (fault, names) => {
    expect(faultsOf(names)).toContain(fault);
  });

  it('tell that the log says otherwise', () => {
    expect(faultsOf(DONE, NAMES)).toContain('told as undone is');
  });
});

describe('the faults of a run that was redriven', () => {
  const good = ['first', 'second', 'go', 'fourth'];
  const undisturbed = runOf(good, []);

  it.each([
    ['booked is', ['first', 'first', ...good.slice(1)]],
    ['booked is', [...good, 'second']],
    ['booked is', good.slice(0, 3)],
  ])('tell that what is %s differs', (fault, names) => {
    expect(redriveFaultsOf(runOf(names, []), undisturbed).join()).toContain(fault);
  });
});
