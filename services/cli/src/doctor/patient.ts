import { type Census, NameSearch, Partitions, takeCensus } from '@lockstep/store';
import type { Redis } from 'ioredis';

/** What the checks look at. */
export interface Patient {
  readonly redis: Redis;
  readonly partitions: Partitions;
  /** By the clock of the server. */
  readonly nowMs: number;
  readonly census: Census;
  /** How long supervisors are to keep a finished workflow; 0: for ever. */
  readonly retentionMs: number;
  /** Whether all keys were looked at for the names of inboxes; else the census tells of a part. */
  readonly isComplete: boolean;
}

/** Pages of 1000 keys that the doctor looks at: half a millisecond of the server each. */
const MOST_PAGES = 500;

/** Looks once at all that several checks want to know. */
export async function admit(
  redis: Redis,
  partitionCount: number,
  retentionMs: number,
): Promise<Patient> {
  const partitions = new Partitions(partitionCount);
  const search = new NameSearch(redis, partitions);
  for (let pages = 0; search.names === null && pages < MOST_PAGES; pages += 1) await search.step();
  const census = await takeCensus(redis, partitions, search.names ?? search.soFar);
  const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
  const nowMs = seconds * 1000 + Math.floor(micros / 1000);
  return { redis, partitions, nowMs, census, retentionMs, isComplete: search.names !== null };
}
