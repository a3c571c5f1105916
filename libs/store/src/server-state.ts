// What a server says of itself. Reads only.

import type { Redis } from 'ioredis';
import { INSTALLATION_KEY } from './keys.js';
import { LIBRARY, librarySource } from './library.js';

export interface ServerState {
  readonly version: string;
  readonly maxmemoryPolicy: string;
  /** Whether it keeps an append-only file. */
  readonly keepsFile: boolean;
  /** Whether its last writes to its files went well. */
  readonly writesFile: boolean;
  readonly isReplica: boolean;
  readonly usedBytes: number;
  /** Null when it takes what there is. */
  readonly maxBytes: number | null;
}

export async function readServer(redis: Redis): Promise<ServerState> {
  const info = parseInfo(await redis.info());
  const maxBytes = Number(info.get('maxmemory') ?? 0);
  return {
    version: info.get('redis_version') ?? '0',
    maxmemoryPolicy: info.get('maxmemory_policy') ?? 'unknown',
    keepsFile: info.get('aof_enabled') === '1',
    writesFile: FILES.every((field) => (info.get(field) ?? 'ok') === 'ok'),
    isReplica: info.get('role') === 'slave',
    usedBytes: Number(info.get('used_memory') ?? 0),
    maxBytes: maxBytes === 0 ? null : maxBytes,
  };
}

/** How the last write of each file went. */
const FILES = ['aof_last_write_status', 'aof_last_bgrewrite_status', 'rdb_last_bgsave_status'];

/** What survives a power loss, in words. */
export async function durabilityOf(redis: Redis, { keepsFile }: ServerState): Promise<string> {
  if (!keepsFile) return 'nothing survives a restart of Redis';
  const policy = await appendFsync(redis);
  switch (policy) {
    case 'always':
      return 'appendfsync always: what was acknowledged survives a power loss';
    case 'everysec':
      return 'appendfsync everysec: a power loss may take the last second of what was acknowledged';
    default:
      return `appendfsync ${policy ?? 'unknown'}: how much a power loss takes is not known`;
  }
}

/** How many partitions the installation was created with; null when there is none. */
export async function installedPartitions(redis: Redis): Promise<number | null> {
  const installed = await redis.hget(INSTALLATION_KEY, 'partitions');
  return installed === null ? null : Number(installed);
}

/** Whether the server holds this release's build of the library. */
export async function libraryState(redis: Redis): Promise<'ours' | 'another build' | 'missing'> {
  const list = await redis.call('FUNCTION', 'LIST', 'LIBRARYNAME', LIBRARY, 'WITHCODE');
  if ((list as unknown[]).length === 0) return 'missing';
  return JSON.stringify(list).includes(JSON.stringify(librarySource())) ? 'ours' : 'another build';
}

/** A managed server may keep its settings to itself. */
async function appendFsync(redis: Redis): Promise<string | undefined> {
  const [, policy] = (await redis.config('GET', 'appendfsync').catch(() => [])) as string[];
  return policy;
}

function parseInfo(text: string): Map<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}
