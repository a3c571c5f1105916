import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '@lockstep/testing';
import type { Redis } from 'ioredis';
import {
  connectRedis,
  duplicateForLoop,
  FEED_START,
  FeedReader,
  LogReader,
  Partitions,
  Store,
} from '../src/index.js';
import { stepOf } from './support/events.js';
import { claimed, startOf } from './support/scene.js';

const NAME = 'ls:orders-1-abc';

describe('a connection', () => {
  let server: RedisServer;
  let redis: Redis;
  let store: Store;
  beforeAll(async () => {
    server = await startRedis({ appendfsync: 'always' });
    redis = connectRedis({ url: server.url, name: NAME });
    redis.on('error', () => undefined);
    store = new Store(redis, new Partitions(2));
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('S10: brings the library to a server that has none', async () => {
    expect(await store.start(startOf())).toMatchObject({ reply: 'ok' });
    await redis.call('FUNCTION', 'FLUSH');
    expect(await store.start(startOf())).toMatchObject({ reply: 'ok' });
  });

  it('shows its name to the supervisor, on loops too', async () => {
    const loop = duplicateForLoop(redis);
    await loop.ping();
    const clients = String(await redis.client('LIST'));
    expect(clients.match(new RegExp(`name=${NAME} `, 'g'))).toHaveLength(2);
    loop.disconnect();
  });

  it('G1 S12: loses and repeats nothing while Redis is killed and started again', async () => {
    const tasks = await Promise.all(Array.from({ length: 20 }, () => claimed(store)));
    let stopped = false;
    const appended = tasks.map(async (held) => {
      let steps = 0;
      while (!stopped) {
        const reply = await held.append([stepOf(held.task, steps + 1)]);
        expect(['ok', 'duplicate']).toContain(reply.reply);
        steps += 1;
      }
      return steps;
    });
    await server.restart();
    await server.restart();
    await redis.ping();
    stopped = true;
    const steps = await Promise.all(appended);
    for (const [at, held] of tasks.entries()) {
      const log = await new LogReader(redis, store.partitions).all(held.wf);
      expect(log.map(({ version }) => version)).toEqual(log.map((_, before) => before + 1));
      expect(log.filter(({ type }) => type === 'StepCompleted')).toHaveLength(steps[at]!);
    }
  });

  it('a loop that waits goes on with what comes after a restart', async () => {
    const loop = duplicateForLoop(redis);
    loop.on('error', () => undefined);
    const feed = new FeedReader(loop, store.partitions);
    const end = new Map([0, 1].map((partition) => [partition, FEED_START]));
    for (const partition of end.keys()) end.set(partition, await feed.end(partition));
    const waiting = feed.read(end, { count: 1, blockMs: 5000 });
    await server.restart();
    const given = startOf();
    await store.start(given);
    expect(await waiting).toMatchObject([{ wf: given.wf }]);
    loop.disconnect();
  });
});
