import pMap from 'p-map';
import type { Order } from '@lockstep/retail/shop';
import { BankClient, MailClient, ShopClient } from '@lockstep/retail/shop';
import { type AssignedDatabase, type Assignment, jobsOf } from '../assignment/assignment.js';
import type { JobEnd } from '../feed/gateway-client.js';
import { compareBookings, type Difference, difference, expectedBookings } from './bookings.js';
import { judge, type JobVerdict } from './job-verdict.js';

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
  return {
    verdicts: verdictsOn(remains, assignment),
    databases: await databasesOf(remains, assignment),
    bookings: await bookingsOf(remains, assignment, initialOrders),
    mails: await mailsOf(remains, assignment),
  };
}

function verdictsOn({ ends }: Remains, assignment: Assignment): JobVerdict[] {
  return jobsOf(assignment).map(({ job, results }, at) => {
    const end = ends[at];
    return judge(job.id, results, end && 'result' in end ? end.result.results : undefined);
  });
}

function databasesOf({ shopUrl }: Remains, { databases }: Assignment): Promise<DatabaseVerdict[]> {
  const shop = new ShopClient(shopUrl);
  const compare = async ({ name, digest }: AssignedDatabase): Promise<DatabaseVerdict> => ({
    name,
    isEqual: (await shop.digest(name)) === digest,
  });
  return pMap(databases, compare, { concurrency: DIGESTS_AT_ONCE });
}

async function bookingsOf(
  { shopUrl, run }: Remains,
  { databases }: Assignment,
  initialOrders: Readonly<Record<string, Order>>,
): Promise<Difference> {
  const expected = databases.flatMap((database) => expectedBookings(database, initialOrders));
  const found = await new BankClient(shopUrl).bookings({ databasePrefix: `${run}.` });
  return compareBookings(expected, found);
}

/** One to the customer of each job, which names the job. */
async function mailsOf({ shopUrl, run }: Remains, assignment: Assignment): Promise<Difference> {
  const expected = jobsOf(assignment).map(({ job, database }) =>
    [`${database}/${job.id}`, job.userId].join(' '),
  );
  const mails = await new MailClient(shopUrl).mails({ databasePrefix: `${run}.` });
  return difference(
    expected,
    mails.map(({ reference, to }) => `${reference} ${to}`),
  );
}

/** Whether every record is as it must be. */
export function isExact({ verdicts, databases, bookings, mails }: Verification): boolean {
  const isDone = verdicts.every(
    ({ isCompleted, areResultsEqual }) => isCompleted && areResultsEqual,
  );
  const isLeft = databases.every(({ isEqual }) => isEqual);
  return isDone && isLeft && [bookings, mails].every((all) => all.lost + all.doubled === 0);
}
