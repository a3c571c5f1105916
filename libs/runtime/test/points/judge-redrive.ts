import { evolveView, initialView, type WorkflowId } from '@lockstep/kernel';
import { differing, logFaultsOf, unless } from './judge.js';
import type { Run } from './lane.js';

/** In this order; `first` is booked by a step that was recorded before the redrive, without an effect. */
const BOOKED = ['first', 'second', 'go', 'fourth'];

/** What is wrong with a run that was redriven, compared with one that nobody disturbed. */
export function redriveFaultsOf(run: Run, undisturbed: Run): readonly string[] {
  const { defect } = evolveView(initialView('wf' as WorkflowId), run.events);
  const booked = run.outside.bookings.map(({ reference }) => reference.replace(/^.*\//, ''));
  return [
    ...unless(run.digest === undisturbed.digest, 'result or state differs'),
    ...differing('booked', booked, BOOKED),
    ...unless(defect === null, `the log has a defect: ${defect?.message}`),
    ...logFaultsOf(run),
  ];
}
