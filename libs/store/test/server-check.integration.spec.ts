import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, startRedis, type RedisServer } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { checkServer, LIBRARY } from '../src/index.js';

const SAFE = { partitions: 8, unsafe: false };

describe('the check of the server at start', () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });
  beforeEach(async () => {
    await redis.flushall();
    await redis.call('FUNCTION', 'FLUSH');
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
  });

  it('loads the library and states what survives a power loss', async () => {
    const report = await checkServer(redis, SAFE);
    expect(report.durability).toContain('everysec: a power loss may take the last second');
    expect(report.warnings).toEqual([]);
    expect(JSON.stringify(await redis.call('FUNCTION', 'LIST'))).toContain(LIBRARY);
    await redis.config('SET', 'appendfsync', 'always');
    expect((await checkServer(redis, SAFE)).durability).toContain('survives a power loss');
    await redis.config('SET', 'appendfsync', 'everysec');
  });

  it('refuses a server that evicts, with the command that forbids it', async () => {
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(checkServer(redis, SAFE)).rejects.toMatchObject({
      code: 'EvictionAllowed',
      message: expect.stringContaining('redis-cli CONFIG SET maxmemory-policy noeviction'),
    });
    const report = await checkServer(redis, { ...SAFE, unsafe: true });
    expect(report.warnings).toHaveLength(1);
  });

  it('refuses a server without an append-only file, with the command that turns it on', async () => {
    await redis.config('SET', 'appendonly', 'no');
    await expect(checkServer(redis, SAFE)).rejects.toMatchObject({
      code: 'AppendOnlyOff',
      message: expect.stringContaining('redis-cli CONFIG SET appendonly yes'),
    });
    const report = await checkServer(redis, { ...SAFE, unsafe: true });
    expect(report.durability).toBe('nothing survives a restart of Redis');
    await redis.config('SET', 'appendonly', 'yes');
    // A server does not end while it writes its first file.
    await eventually(
      async () => /aof_rewrite_in_progress:0/.test(await redis.info('persistence')),
      {
        what: 'the append-only file is written',
      },
    );
  });

  it('fixes the number of partitions once, and refuses another', async () => {
    await checkServer(redis, SAFE);
    await expect(checkServer(redis, { ...SAFE, partitions: 4 })).rejects.toMatchObject({
      code: 'PartitionsDiffer',
      message: expect.stringContaining('LOCKSTEP_PARTITIONS=8'),
    });
    await checkServer(redis, SAFE);
  });

  it.each([
    ['is out of memory', ['maxmemory', '1']],
    ['has too few replicas to write', ['min-replicas-to-write', '1']],
  ])('lets a service of an installation start while the server %s', async (_why, setting) => {
    await checkServer(redis, SAFE);
    await redis.config('SET', ...setting);
    await expect(redis.set('key', 'value')).rejects.toThrow();
    await expect(checkServer(redis, SAFE)).resolves.toMatchObject({ warnings: [] });
    await redis.config('SET', setting[0]!, '0');
  });

  it('S10: refuses another build under the same protocol, and never replaces it', async () => {
    const other = `#!lua name=${LIBRARY}\nredis.register_function('${LIBRARY}_start', function() end)`;
    await redis.call('FUNCTION', 'LOAD', other);
    await expect(checkServer(redis, SAFE)).rejects.toMatchObject({
      code: 'LibraryDiffers',
      message: expect.stringContaining(`redis-cli FUNCTION DELETE ${LIBRARY}`),
    });
  });

  it('refuses a user who may not load functions', async () => {
    await redis.call('ACL', 'SETUSER', 'weak', 'on', '>pw', '~*', '+@all', '-function');
    const weak = new Redis(server.url, { username: 'weak', password: 'pw' });
    await expect(checkServer(weak, SAFE)).rejects.toMatchObject({ code: 'FunctionsUnavailable' });
    weak.disconnect();
  });

  it('refuses a server that is too old', async () => {
    const old = { info: () => Promise.resolve('redis_version:6.2.14\r\n') } as unknown as Redis;
    await expect(checkServer(old, SAFE)).rejects.toMatchObject({
      code: 'ServerTooOld',
      message: expect.stringContaining('Redis 6.2.14 is too old'),
    });
  });
});
