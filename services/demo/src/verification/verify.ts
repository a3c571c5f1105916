import pMap from 'p-map';
import type { Mail, Order } from '@lockstep/retail/shop';
import { BankClient, MailClient, ShopClient } from '@lockstep/retail/shop';
import { type AssignedDatabase, type Assignment, jobsOf } from '../assignment/assignment.js';
import type { JobEnd } from '../feed/gateway-client.js';
import {
  type Booking,
  compareBookings,
  type Difference,
  expectedBookings,
  foundBookings,
} from './bookings.js';
import { judge, type JobVerdict } from './job-verdict.js';
import { compareMails } from './mails.js';

export interface DatabaseVerdict {
  readonly name: string;
  readonly isEqual: boolean;
}

/** What the outside world holds in the end, against what the data says it must. */
export interface Verification {
  readonly verdicts: readonly JobVerdict[];
  readonly databases: readonly DatabaseVerdict[];
  readonly bookings: Difference;
  readonly mails: Difference;
  /** What rollbacks have undone. */
  readonly undone: Undone;
}

export interface Undone {
  readonly writes: number;
  readonly bookings: number;
}

/** What a run has left, and with whom. */
export interface Remains {
  readonly run: string;
  readonly shopUrl: string;
  /** In the order of the jobs. */
  readonly ends: readonly JobEnd[];
}

const DIGESTS_AT_ONCE = 4;

/** Asks shop, bank and outbox for everything that a run left there, and compares it with its assignment. */
export async function verify(
  remains: Remains,
  assignment: Assignment,
  initialOrders: Readonly<Record<string, Order>>,
): Promise<Verification> {
  const booked = await bookingsOf(remains);
  const verdicts = verdictsOn(remains, assignment);
  return {
    verdicts,
    databases: await databasesOf(remains, assignment),
    bookings: compareBookings(bookingsDue(assignment, initialOrders), booked),
    mails: compareMails(jobsOf(assignment), await mailsOf(remains)),
    undone: undoneOf(assignment, verdicts, booked),
  };
}

function verdictsOn({ ends }: Remains, assignment: Assignment): JobVerdict[] {
  return jobsOf(assignment).map((assigned, at) => judge(assigned, ends[at]));
}

function databasesOf({ shopUrl }: Remains, { databases }: Assignment): Promise<DatabaseVerdict[]> {
  const shop = new ShopClient(shopUrl);
  const compare = async ({ name, digest }: AssignedDatabase): Promise<DatabaseVerdict> => ({
    name,
    isEqual: (await shop.digest(name)) === digest,
  });
  return pMap(databases, compare, { concurrency: DIGESTS_AT_ONCE });
}

const bookingsDue = (
  { databases }: Assignment,
  initialOrders: Readonly<Record<string, Order>>,
): Booking[] => databases.flatMap((database) => expectedBookings(database, initialOrders));

const bookingsOf = async ({ shopUrl, run }: Remains): Promise<Booking[]> =>
  foundBookings(await new BankClient(shopUrl).bookings({ databasePrefix: `${run}.` }));

const mailsOf = ({ shopUrl, run }: Remains): Promise<Mail[]> =>
  new MailClient(shopUrl).mails({ databasePrefix: `${run}.` });

/** Writes of the jobs that were rolled back, and entries that the bank has taken back. */
function undoneOf(
  assignment: Assignment,
  verdicts: readonly JobVerdict[],
  booked: readonly Booking[],
): Undone {
  const rolledBack = jobsOf(assignment).filter((_, at) => verdicts[at]?.isEnded);
  const writes = rolledBack.reduce((sum, { undoing }) => sum + (undoing?.writes ?? 0), 0);
  return { writes, bookings: booked.filter(({ isReverse }) => isReverse).length };
}

/** Whether every record is as it must be. */
export function isExact({ verdicts, databases, bookings, mails }: Verification): boolean {
  const isDone = verdicts.every(({ isEnded, areResultsEqual }) => isEnded && areResultsEqual);
  const isLeft = databases.every(({ isEqual }) => isEqual);
  return isDone && isLeft && [bookings, mails].every((all) => all.lost + all.doubled === 0);
}
