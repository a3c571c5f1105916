import pMap from 'p-map';
import { BankClient, MailClient, ShopClient } from '@lockstep/retail/shop';
import type { Dataset } from '../data/dataset.js';
import { databaseOf } from '../feed/feeder.js';
import type { JobEnd } from '../feed/gateway-client.js';
import { compareBookings, type Difference, difference, expectedBookings } from './bookings.js';
import { judge, type JobVerdict } from './job-verdict.js';

/** What the outside world holds in the end, against what the data says it must. */
export interface Verification {
  readonly verdicts: readonly JobVerdict[];
  readonly bookings: Difference;
  readonly mails: Difference;
}

const DIGESTS_AT_ONCE = 4;

/** Asks shop, bank and outbox for everything that a run left there, and compares it with the data. */
export async function verify(
  shopUrl: string,
  run: string,
  data: Dataset,
  ends: readonly JobEnd[],
): Promise<Verification> {
  return {
    verdicts: await verdictsOn(shopUrl, run, data, ends),
    bookings: await bookingsOf(shopUrl, run, data),
    mails: await mailsOf(shopUrl, run, data),
  };
}

function verdictsOn(
  shopUrl: string,
  run: string,
  { expected }: Dataset,
  ends: readonly JobEnd[],
): Promise<JobVerdict[]> {
  const shop = new ShopClient(shopUrl);
  const options = { concurrency: DIGESTS_AT_ONCE };
  return pMap(
    expected,
    async (wanted, at) => {
      const end = ends[at];
      const results = end && 'result' in end ? end.result.results : undefined;
      const digest = await shop.digest(databaseOf(run, wanted));
      return judge(wanted, { id: wanted.id, results, digest });
    },
    options,
  );
}

async function bookingsOf(shopUrl: string, run: string, data: Dataset): Promise<Difference> {
  const expected = data.expected.flatMap((job) =>
    expectedBookings(job, databaseOf(run, job), data.initialOrders),
  );
  const found = await new BankClient(shopUrl).bookings({ databasePrefix: `${run}.` });
  return compareBookings(expected, found);
}

/** One to the customer of each job. */
async function mailsOf(shopUrl: string, run: string, { jobs }: Dataset): Promise<Difference> {
  const expected = jobs.map((job) => `${databaseOf(run, job)} ${job.userId}`);
  const mails = await new MailClient(shopUrl).mails({ databasePrefix: `${run}.` });
  return difference(
    expected,
    mails.map(({ database, to }) => `${database} ${to}`),
  );
}

/** Whether every record is as it must be. */
export function isExact({ verdicts, bookings, mails }: Verification): boolean {
  const jobs = verdicts.every(
    ({ isCompleted, isDigestEqual, areResultsEqual }) =>
      isCompleted && isDigestEqual && areResultsEqual,
  );
  return jobs && [bookings, mails].every(({ lost, doubled }) => lost === 0 && doubled === 0);
}
