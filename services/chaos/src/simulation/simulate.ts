// Many schedules, several at a time: each has a database of its own, so none of them sees another.

import { startRedis } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { type Outcome, runSchedule } from './run.js';
import { type Edit, loadSimulatedLibrary } from './store/library.js';
import { giveSurroundings } from './time/surroundings.js';

export interface SimulationOptions {
  /** Of the first schedule; each further one has the next. */
  readonly seed: number;
  readonly schedules: number;
  /** Told of each schedule, in the order of their ends. */
  readonly ended: (outcome: Outcome) => void;
  /** Ends it early. */
  readonly signal?: AbortSignal;
  /** Breaks a rule of the Function library on purpose; default: it is as it is. */
  readonly edit?: Edit;
}

/** A Redis works on their calls while they work on others' replies. */
const AT_A_TIME = 8;

/** Runs schedules from a seed on, in a Redis of their own. */
export async function simulate(options: SimulationOptions): Promise<void> {
  await using server = await startRedis();
  giveSurroundings();
  const databases = Array.from({ length: AT_A_TIME }, (_, db) => new Redis(server.url, { db }));
  const [first] = databases;
  await first?.config('SET', 'appendonly', 'no'); // what is lost here is never needed again
  if (first) await loadSimulatedLibrary(first, options.edit);
  const seeds = seedsOf(options);
  try {
    await Promise.all(databases.map((redis) => runAll(redis, seeds, options)));
  } finally {
    for (const redis of databases) redis.disconnect();
  }
}

/** Each database takes the next seed. */
async function runAll(
  redis: Redis,
  seeds: Iterator<number>,
  { ended, signal }: SimulationOptions,
): Promise<void> {
  for (let next = seeds.next(); !next.done && !signal?.aborted; next = seeds.next()) {
    const outcome = await runSchedule(redis, next.value);
    const isRight = outcome.wrongs.length === 0;
    ended(isRight ? outcome : await runSchedule(redis, next.value, true)); // the same again, told
  }
}

function* seedsOf({ seed, schedules }: SimulationOptions): Generator<number> {
  for (let at = 0; at < schedules; at += 1) yield seed + at;
}
