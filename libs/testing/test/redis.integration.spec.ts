import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Cluster, Redis } from 'ioredis';
import { startCluster, startRedis, type RedisServer } from '@lockstep/testing';

describe('a Redis of one’s own', () => {
  let server: RedisServer;
  let client: Redis;

  beforeEach(async () => {
    server = await startRedis({ appendfsync: 'always' });
    client = new Redis(server.url);
    client.on('error', () => undefined);
  });

  afterEach(async () => {
    await client.quit();
    await server.stop();
  });

  it('keeps everything and evicts nothing', async () => {
    expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    expect(await client.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
    expect(await client.config('GET', 'maxmemory-policy')).toEqual([
      'maxmemory-policy',
      'noeviction',
    ]);
  });

  it('has its acknowledged writes after a kill and a restart', async () => {
    await client.set('order', 'W1');
    await server.restart();
    expect(await client.get('order')).toBe('W1');
  });

  it('answers what it was asked while frozen once it thaws', async () => {
    await client.ping();
    await server.freeze();
    const answer = client.set('asked', 'while frozen');
    await server.thaw();
    expect(await answer).toBe('OK');
  });

  it('can be stopped while killed or frozen', async () => {
    const [killed, frozen] = await Promise.all([startRedis(), startRedis()]);
    await killed.kill();
    await frozen.freeze();
    await Promise.all([killed.stop(), frozen.stop()]);
    const refused = new Redis(frozen.url, { lazyConnect: true, retryStrategy: () => null });
    refused.on('error', () => undefined);
    await expect(refused.connect()).rejects.toThrow();
  });

  it('leaves a folder that it was given', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'lockstep-kept-'));
    const kept = await startRedis({ dir });
    await kept.stop();
    expect(await readdir(dir)).toContain('appendonlydir');
    await rm(dir, { recursive: true });
  });
});

describe('a cluster of one’s own', () => {
  it('has every slot at one of its masters, and sends a client there', async () => {
    await using cluster = await startCluster();
    const owners = await Promise.all(cluster.nodes.map(({ redis }) => redis.cluster('SLOTS')));
    for (const slots of owners) expect(slots).toHaveLength(3);
    const port = cluster.nodes[0]!.server.port;
    const client = new Cluster([{ host: '127.0.0.1', port }]);
    await Promise.all(['a', 'b', 'c', 'd'].map((key) => client.set(key, key)));
    const sizes = await Promise.all(cluster.nodes.map(({ redis }) => redis.dbsize()));
    expect(sizes.reduce((sum, size) => sum + size)).toBe(4);
    client.disconnect();
  });
});
