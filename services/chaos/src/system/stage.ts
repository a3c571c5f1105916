import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectRedis, Partitions } from '@lockstep/store';
import { Diary, Fleet, Proxy, type RedisServer, startRedis } from '@lockstep/testing';
import type { Redis } from 'ioredis';
import type { Mix } from '../faults/kinds.js';
import { PARTITIONS, type Service, SERVICES, shopSpec, systemSpecs } from './system.js';

/** Everything that a run has around it: a Redis, ways to it, and all processes. */
export interface Stage extends AsyncDisposable {
  readonly folder: string;
  readonly server: RedisServer;
  /** Of the server's data. */
  readonly dir: string;
  /** A connection that no fault of the network strikes. */
  readonly redis: Redis;
  readonly partitions: Partitions;
  readonly ways: ReadonlyMap<Service, Proxy>;
  readonly fleet: Fleet;
  /** What was done to them, and how they came through. */
  readonly diary: Diary;
}

/** Starts all of it, and waits until all are ready. @throws Error when a process ends or is late */
export async function openStage({ worldRate }: Mix, seed: number): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-chaos-'));
  const [dir, logs] = [join(folder, 'redis'), join(folder, 'logs')];
  await Promise.all([mkdir(dir), mkdir(logs)]);
  await using stack = new AsyncDisposableStack();
  // What it acknowledges is in its file: a kill takes nothing back.
  const server = stack.use(await startRedis({ appendfsync: 'always', dir }));
  const redis = stack.adopt(connectRedis({ url: server.url, name: 'chaos' }), disconnect);
  redis.on('error', () => undefined); // it is killed, and comes back
  const ways = new Map<Service, Proxy>();
  for (const service of SERVICES) ways.set(service, stack.use(await Proxy.to(server.port)));
  const fleet = stack.adopt(new Fleet(), (each) => each.stop());
  await fleet.start([await shopSpec(logs, join(folder, 'shop'), worldRate, seed)]);
  const redisUrl = (service: Service) => `redis://127.0.0.1:${ways.get(service)?.port}`;
  await fleet.start(await systemSpecs({ logs, shopUrl: fleet.urlOf('shop'), redisUrl }));
  const opened = stack.move();
  return {
    ...{ folder, server, dir, redis, ways, fleet },
    diary: new Diary(join(folder, 'diary.jsonl')),
    partitions: new Partitions(PARTITIONS),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const disconnect = (redis: Redis): void => {
  redis.disconnect();
};
