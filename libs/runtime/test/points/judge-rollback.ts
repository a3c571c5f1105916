import { evolveView, initialView, type RecordedEvent, type WorkflowId } from '@lockstep/kernel';
import { differing, logFaultsOf, unless } from './judge.js';
import type { Run } from './lane.js';

/** All that the travel team books before its job fails. */
const BOOKED = ['aisle', 'hold', 'last', 'stock', 'window', 'window-luggage'];

/** What is wrong with a run that was rolled back; nothing when all is as it must be. */
export function rollbackFaultsOf(run: Run): readonly string[] {
  const committed = run.events.filter(isOfJob).map(({ meta }) => nameOf(meta.key));
  const bookings = run.outside.bookings.map(({ reference }) => nameOf(reference));
  const did = bookings.filter((name) => BOOKED.includes(name));
  const undid = bookings.filter((name) => name !== 'go' && !BOOKED.includes(name));
  const { rollback, defect } = evolveView(initialView('wf' as WorkflowId), run.events);
  return [
    ...differing('booked', did.sort(), BOOKED),
    ...differing('committed', [...committed].sort(), BOOKED),
    ...differing('undone', undid, [...committed.map(undoOf).reverse(), 'mail']),
    ...differing('told as undone', undoneIn(run.events), [...committed].reverse()),
    ...unless(rollback?.undone === BOOKED.length && rollback.left === 0, 'the view says otherwise'),
    ...unless(defect === null, `the log has a defect: ${defect?.message}`),
    ...logFaultsOf(run),
  ];
}

type Committed = RecordedEvent<'EffectCommitted'>;

/** Not of the rollback, whose effects stand. */
const isOfJob = (event: RecordedEvent): event is Committed =>
  event.type === 'EffectCommitted' && !event.task.startsWith('~');

/** The keys of the effects that were compensated, in that order. */
const undoneIn = (events: readonly RecordedEvent[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'EffectCompensated' ? [nameOf(event.meta.key)] : []));

/** `undo:lane-1/last` is `undo:last`. */
const nameOf = (reference: string): string => reference.replace(/[^:/]+\//, '');

/** What was taken from the stock is put back by another role. */
const undoOf = (name: string): string => (name === 'stock' ? 'put-back' : `undo:${name}`);
