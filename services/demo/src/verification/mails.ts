import type { Mail } from '@lockstep/retail/shop';
import type { AssignedJob } from '../assignment/assignment.js';
import { type Difference, difference } from './bookings.js';

/** How the mail begins that tells of a job which was undone; what follows is why. */
const NOTHING_DONE = 'Nothing was done: ';

/** One to the customer of each job, which names the job; when that was undone, it says so and why, and else not. */
export function compareMails(jobs: readonly AssignedJob[], found: readonly Mail[]): Difference {
  return difference(jobs.map(expectedOf), found.map(identityOf));
}

const expectedOf = ({ job, database, undoing }: AssignedJob): string =>
  JSON.stringify([
    ...[`${database}/${job.id}`, job.userId],
    undoing ? `${NOTHING_DONE}${undoing.refusal}` : null,
  ]);

const identityOf = ({ reference, to, text }: Mail): string =>
  JSON.stringify([reference, to, text.startsWith(NOTHING_DONE) ? text : null]);
