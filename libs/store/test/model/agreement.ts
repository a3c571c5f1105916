import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { librarySource } from '../../src/index.js';
import { histories, type Place } from './commands.js';
import { Run } from './run.js';

const LIBRARY = 'lockstep_model';
const LONGEST = 100;

export interface Histories {
  readonly runs: number;
  readonly seed: number;
  /** Looks for the shortest history that fails; default true. */
  readonly shrink?: boolean;
  /** Which histories; default: of everything. */
  readonly of?: (length: number) => fc.Arbitrary<Place[]>;
  /** Changes the library before it is loaded. */
  readonly edit?: (file: string, source: string) => string;
}

/** Runs histories on the model and on a server; null when they agree, else where they first did not. */
export async function disagreement(
  redis: Redis,
  { runs, seed, shrink = true, of = histories, edit = (_, source) => source }: Histories,
): Promise<string | null> {
  const source = librarySource({ name: LIBRARY, testClock: true, edit });
  await redis.call('FUNCTION', 'LOAD', 'REPLACE', source);
  const agrees = fc.asyncProperty(of(LONGEST), async (places) => {
    const run = await Run.begin(redis, LIBRARY);
    for (const place of places) await place.make(run);
  });
  // Without its bias fast-check makes long histories as often as short ones.
  const settings = { numRuns: runs, seed, noBias: true, endOnFailure: !shrink };
  const details = await fc.check(agrees, settings);
  return details.failed ? reportOf(details) : null;
}

const reportOf = (details: fc.RunDetails<[Place[]]>): string =>
  `${String(details.errorInstance)}\n${String(fc.defaultReportMessage(details))}`;
