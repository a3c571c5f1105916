// What a service asks of its Redis before it starts. Durability is stated, not implied.

import type { Redis } from 'ioredis';
import { INSTALLATION_KEY } from './keys.js';
import { LIBRARY, loadLibrary } from './library.js';
import {
  AppendOnlyOff,
  EvictionAllowed,
  FunctionsUnavailable,
  LibraryDiffers,
  PartitionsDiffer,
  ServerTooOld,
} from './server-errors.js';
import {
  durabilityOf,
  installedPartitions,
  libraryState,
  readServer,
  type ServerState,
} from './server-state.js';

const OLDEST_MAJOR = 7;

export interface ServerReport {
  readonly version: string;
  /** What survives a power loss, in words. */
  readonly durability: string;
  /** What was let pass because of `unsafe`, in words. */
  readonly warnings: readonly string[];
}

/**
 * Checks the server, fixes the number of partitions of a new installation and loads the library where it is missing.
 *
 * @param partitions - how many this service is set to
 * @param unsafe - lets a server pass that evicts keys or keeps no append-only file
 * @throws ServerTooOld, FunctionsUnavailable, EvictionAllowed, AppendOnlyOff, PartitionsDiffer or
 *   LibraryDiffers, each with the command that mends it
 */
export async function checkServer(
  redis: Redis,
  { partitions, unsafe }: { readonly partitions: number; readonly unsafe: boolean },
): Promise<ServerReport> {
  const state = await readServer(redis);
  const hazards = hazardsOf(state);
  const refused = hazards.find((hazard) => !unsafe || hazard instanceof ServerTooOld);
  if (refused) throw refused;
  await checkPartitions(redis, partitions);
  await checkLibrary(redis);
  const warnings = hazards.map(({ message }) => message);
  return { version: state.version, durability: await durabilityOf(redis, state), warnings };
}

/** Why a service does not start against such a server, the gravest first. */
export function hazardsOf({
  version,
  maxmemoryPolicy,
  keepsFile,
}: ServerState): (ServerTooOld | EvictionAllowed | AppendOnlyOff)[] {
  const isTooOld = Number.parseInt(version, 10) < OLDEST_MAJOR;
  return [
    ...(isTooOld ? [new ServerTooOld(version)] : []),
    ...(maxmemoryPolicy === 'noeviction' ? [] : [new EvictionAllowed(maxmemoryPolicy)]),
    ...(keepsFile ? [] : [new AppendOnlyOff()]),
  ];
}

/** Writes only where nothing is yet: a server that is full, or cannot write, lets services of an installation start. */
async function checkPartitions(redis: Redis, configured: number): Promise<void> {
  if ((await installedPartitions(redis)) === null)
    await redis.hsetnx(INSTALLATION_KEY, 'partitions', configured);
  const installed = await installedPartitions(redis);
  if (installed !== configured) throw new PartitionsDiffer(installed ?? 0, configured);
}

async function checkLibrary(redis: Redis): Promise<void> {
  try {
    if ((await libraryState(redis)) === 'missing') await loadLibrary(redis);
  } catch (cause) {
    throw new FunctionsUnavailable({ cause });
  }
  if ((await libraryState(redis)) !== 'ours') throw new LibraryDiffers(LIBRARY);
}
