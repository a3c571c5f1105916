import { Redis } from 'ioredis';
import { eventually } from '../eventually.js';
import { startRedis, type RedisServer } from './server.js';

const SLOTS = 16_384;

/**
 * Starts a Redis Cluster of one's own on the loopback interface: masters alone, each with an even range of
 * the slots.
 *
 * @param masters - how many; default 3
 * @returns the cluster, once every master knows all slots
 */
export async function startCluster(masters = 3): Promise<RedisCluster> {
  const servers = await Promise.all(
    Array.from({ length: masters }, () => startRedis({ clustered: true })),
  );
  const nodes = await Promise.all(servers.map(nodeOf));
  const cluster = new RedisCluster(nodes);
  try {
    await cluster.form();
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return cluster;
}

/** One master: its server, its name in the cluster, and a connection to it alone. */
export interface ClusterNode {
  readonly server: RedisServer;
  readonly id: string;
  readonly redis: Redis;
}

async function nodeOf(server: RedisServer): Promise<ClusterNode> {
  const redis = new Redis(server.url, { enableAutoPipelining: true });
  return { server, redis, id: await redis.cluster('MYID') };
}

export class RedisCluster implements AsyncDisposable {
  constructor(readonly nodes: readonly ClusterNode[]) {}

  /** Makes one cluster of the nodes. */
  async form(): Promise<void> {
    const [first, ...others] = this.nodes;
    if (first) await Promise.all(others.map((other) => this.#introduce(first, other)));
    await Promise.all(this.nodes.map(({ redis }, at) => this.#giveSlots(redis, at)));
    await Promise.all(this.nodes.map(({ redis }) => this.#isWhole(redis)));
  }

  async stop(): Promise<void> {
    for (const { redis } of this.nodes) redis.disconnect();
    await Promise.all(this.nodes.map(({ server }) => server.stop()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #introduce({ redis }: ClusterNode, other: ClusterNode): Promise<void> {
    const found: unknown = await other.redis.config('GET', 'cluster-port');
    const [, busPort] = found as [name: string, port: string];
    await redis.call('CLUSTER', 'MEET', '127.0.0.1', other.server.port, busPort);
  }

  #giveSlots(redis: Redis, at: number): Promise<unknown> {
    const share = SLOTS / this.nodes.length;
    const range = [Math.ceil(share * at), Math.ceil(share * (at + 1)) - 1];
    return redis.call('CLUSTER', 'ADDSLOTSRANGE', ...range);
  }

  #isWhole(redis: Redis): Promise<true> {
    const what = 'the masters of the cluster know each other and all slots';
    return eventually(
      async () => {
        const info = await redis.cluster('INFO');
        const known = `cluster_known_nodes:${this.nodes.length}`;
        return info.includes('cluster_state:ok') && info.includes(known);
      },
      { what },
    );
  }
}
