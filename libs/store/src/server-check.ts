// What a service asks of its Redis before it starts. Durability is stated, not implied.

import type { Redis } from 'ioredis';
import { INSTALLATION_KEY } from './keys.js';
import { LIBRARY, librarySource, loadLibrary } from './library.js';
import {
  AppendOnlyOff,
  EvictionAllowed,
  FunctionsUnavailable,
  LibraryDiffers,
  PartitionsDiffer,
  ServerTooOld,
} from './server-errors.js';

const OLDEST_MAJOR = 7;

export interface ServerReport {
  readonly version: string;
  /** What survives a power loss, in words. */
  readonly durability: string;
  /** What was let pass because of `unsafe`, in words. */
  readonly warnings: readonly string[];
}

/**
 * Checks the server, fixes the number of partitions of a new installation and loads the library.
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
  const info = parseInfo(await redis.info());
  const version = info.get('redis_version') ?? '0';
  if (Number.parseInt(version, 10) < OLDEST_MAJOR) throw new ServerTooOld(version);
  const hazards = hazardsOf(info);
  const [hazard] = hazards;
  if (hazard && !unsafe) throw hazard;
  await checkPartitions(redis, partitions);
  await checkLibrary(redis);
  const durability = await durabilityOf(redis, info);
  return { version, durability, warnings: hazards.map(({ message }) => message) };
}

const keepsFile = (info: ReadonlyMap<string, string>): boolean => info.get('aof_enabled') === '1';

function hazardsOf(info: ReadonlyMap<string, string>): (EvictionAllowed | AppendOnlyOff)[] {
  const policy = info.get('maxmemory_policy') ?? 'unknown';
  return [
    ...(policy === 'noeviction' ? [] : [new EvictionAllowed(policy)]),
    ...(keepsFile(info) ? [] : [new AppendOnlyOff()]),
  ];
}

async function checkPartitions(redis: Redis, configured: number): Promise<void> {
  await redis.hsetnx(INSTALLATION_KEY, 'partitions', configured);
  const installed = Number(await redis.hget(INSTALLATION_KEY, 'partitions'));
  if (installed !== configured) throw new PartitionsDiffer(installed, configured);
}

async function checkLibrary(redis: Redis): Promise<void> {
  try {
    await loadLibrary(redis);
  } catch (cause) {
    throw new FunctionsUnavailable({ cause });
  }
  const list = await redis.call('FUNCTION', 'LIST', 'LIBRARYNAME', LIBRARY, 'WITHCODE');
  if (!JSON.stringify(list).includes(JSON.stringify(librarySource())))
    throw new LibraryDiffers(LIBRARY);
}

/** A managed server may keep its settings to itself. */
async function durabilityOf(redis: Redis, info: ReadonlyMap<string, string>): Promise<string> {
  if (!keepsFile(info)) return 'nothing survives a restart of Redis';
  const [, policy] = await redis.config('GET', 'appendfsync').catch(() => []);
  switch (policy) {
    case 'always':
      return 'appendfsync always: what was acknowledged survives a power loss';
    case 'everysec':
      return 'appendfsync everysec: a power loss may take the last second of what was acknowledged';
    default:
      return `appendfsync ${policy ?? 'unknown'}: how much a power loss takes is not known`;
  }
}

function parseInfo(text: string): Map<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}
