import pMap from 'p-map';
import type { Job } from '@lockstep/retail/contracts';
import type { RecordedJob } from '../data/dataset.js';
import type { GatewayClient, JobEnd } from './gateway-client.js';
import type { Pacing } from './pacing.js';

/** Jobs that are under way at the same time. */
export const IN_FLIGHT = 24;

/** Counts the jobs of a run as it goes on. */
export interface JobCounts {
  started: number;
  ended: number;
}

/** Where a job's records lie: a database of its own, which no other run uses. */
export const databaseOf = (run: string, { id }: Pick<RecordedJob, 'id'>): string => `${run}.${id}`;

/** Runs jobs side by side, started in their order. @returns their ends, in that order */
export function feed(
  run: string,
  jobs: readonly RecordedJob[],
  gateway: GatewayClient,
  pacing: Pacing,
  counts: JobCounts,
): Promise<JobEnd[]> {
  const runJob = async (recorded: RecordedJob, at: number): Promise<JobEnd> => {
    await pacing.admitted(at);
    counts.started += 1;
    const database = databaseOf(run, recorded);
    const end = await gateway.run(database, jobOf(recorded, database));
    counts.ended += 1;
    return end;
  };
  return pMap(jobs, runJob, { concurrency: IN_FLIGHT });
}

function jobOf({ id, userId, actions }: RecordedJob, database: string): Job {
  return { job: id, database, userId, actions: [...actions] };
}
