import { LIBRARY, librarySource, type LibraryBuild } from '@lockstep/store';
import type { Redis } from 'ioredis';

/** Holds the wall clock of the store, unit ms. */
export const CLOCK_KEY = 'simulated-clock';

const CLOCK = `local function now_ms() return tonumber(redis.call('GET', '${CLOCK_KEY}')) end\n`;

/** Changes the source of a file of the library. */
export type Edit = NonNullable<LibraryBuild['edit']>;

/** Gives a server the library, its clock being the virtual one. @param edit - breaks a rule on purpose */
export async function loadSimulatedLibrary(
  redis: Redis,
  edit: Edit = (_, source) => source,
): Promise<void> {
  const source = librarySource({
    name: LIBRARY,
    testClock: true,
    edit: (file, text) => (file === 'shared/clock.test.lua' ? CLOCK : edit(file, text)),
  });
  await redis.call('FUNCTION', 'LOAD', 'REPLACE', source);
}
