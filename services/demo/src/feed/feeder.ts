import pMap from 'p-map';
import { type Job, retailJob, retailVisit, wholeRetailJob } from '@lockstep/retail/contracts';
import type { AssignedJob, Errand } from '../assignment/assignment.js';
import type { GatewayClient, JobEnd } from './gateway-client.js';
import type { Pacing } from './pacing.js';

/** Counts the jobs of a run as it goes on. */
export interface JobCounts {
  started: number;
  ended: number;
}

/**
 * Runs errands side by side, started in their order.
 *
 * @param inFlight - how many may be under way at the same time
 * @returns the ends of their jobs, in that order
 */
export async function feed(
  errands: readonly Errand[],
  gateway: GatewayClient,
  pacing: Pacing,
  counts: JobCounts,
  inFlight: number,
): Promise<JobEnd[]> {
  let before = 0;
  const numbered = errands.map((errand) => {
    const first = before;
    before += errand.jobs.length;
    return { errand, first };
  });
  const run = async ({ errand, first }: (typeof numbered)[number]): Promise<JobEnd[]> => {
    await pacing.admitted(first);
    counts.started += errand.jobs.length;
    const ends = await endsOf(errand, gateway);
    counts.ended += errand.jobs.length;
    return ends;
  };
  return (await pMap(numbered, run, { concurrency: inFlight })).flat();
}

const ALONE = { job: retailJob, 'whole-job': wholeRetailJob };

/** Runs one errand. @returns the ends of its jobs */
export async function endsOf({ key, as, jobs }: Errand, gateway: GatewayClient): Promise<JobEnd[]> {
  const requests = jobs.map(jobOf);
  if (as !== 'visit') {
    return Promise.all(requests.map((job) => gateway.run(key, ALONE[as], job)));
  }
  const end = await gateway.run(key, retailVisit, { jobs: requests });
  if (!('result' in end)) return jobs.map(() => end);
  const { workflow, result } = end;
  return result.results.map((each) => ({ workflow, result: each }));
}

function jobOf({ job: { id, userId, actions }, database }: AssignedJob): Job {
  return { job: id, database, userId, actions: [...actions] };
}
