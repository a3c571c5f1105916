// A slot on its way from one master of a cluster to another, key by key; the next move brings it back.

import { eventually, startCluster, type ClusterNode, type RedisCluster } from '@lockstep/testing';
import calculateSlot from 'cluster-key-slot';
import { Cluster, type Redis } from 'ioredis';
import { dump } from '../support/dump.js';

const MIGRATE_MS = 5000;

/** Values by key, as DUMP gives and RESTORE takes them. */
export type Saved = ReadonlyMap<string, Buffer>;

export async function save(redis: Redis, keys: readonly string[]): Promise<Saved> {
  const values = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
  return new Map(keys.map((key, at) => [key, values[at]!]));
}

export class MovingSlot implements AsyncDisposable {
  /** Follows redirections, as a service's connection to a cluster would. */
  readonly client: Cluster;
  private slot = 0;
  private owner!: ClusterNode;
  private next!: ClusterNode;

  private constructor(private readonly cluster: RedisCluster) {
    const { port } = cluster.nodes[0]!.server;
    this.client = new Cluster([{ host: '127.0.0.1', port }]);
  }

  static async open(): Promise<MovingSlot> {
    return new MovingSlot(await startCluster());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.disconnect();
    await this.cluster.stop();
  }

  /** Loads a library on every master. */
  async load(library: string): Promise<void> {
    const loaded = this.cluster.nodes.map(({ redis }) =>
      redis.call('FUNCTION', 'LOAD', 'REPLACE', library),
    );
    await Promise.all(loaded);
  }

  /** Chooses the slot of a key, and where it goes: the master after its own. An earlier move is broken off. */
  async choose(key: string): Promise<void> {
    this.slot = calculateSlot(key);
    const { nodes } = this.cluster;
    const at = await this.ownerOf(this.slot);
    this.owner = nodes[at]!;
    this.next = nodes[(at + 1) % nodes.length]!;
    for (const { redis } of nodes) await redis.cluster('SETSLOT', this.slot, 'STABLE');
  }

  /** @returns which of the masters has a slot */
  async ownerOf(slot: number): Promise<number> {
    const ranges = await this.cluster.nodes[0]!.redis.cluster('SLOTS');
    const [, , owner] = ranges.find(([first, last]) => first <= slot && slot <= last)!;
    return this.cluster.nodes.findIndex(({ id }) => id === owner?.[2]);
  }

  /** Puts these keys, and nothing else, on the slot's owner. */
  async place(saved: Saved): Promise<void> {
    await Promise.all(this.cluster.nodes.map(({ redis }) => redis.flushall()));
    const { redis } = this.owner;
    await Promise.all([...saved].map(([key, value]) => redis.restore(key, 0, value)));
  }

  async begin(): Promise<void> {
    // Else a late word of the last move takes the slot away from whoever has it now.
    await eventually(() => this.agrees(), { what: 'all masters know of the last move' });
    await this.next.redis.cluster('SETSLOT', this.slot, 'IMPORTING', this.owner.id);
    await this.owner.redis.cluster('SETSLOT', this.slot, 'MIGRATING', this.next.id);
  }

  async move(keys: readonly string[]): Promise<void> {
    const { port } = this.next.server;
    for (const key of keys) await this.owner.redis.migrate('127.0.0.1', port, key, 0, MIGRATE_MS);
  }

  /**
   * Moves what is left, and makes the new master the owner.
   *
   * @throws Error naming the keys that are on both: made anew beside those that had not come yet
   */
  async end(): Promise<void> {
    const [left, moved] = await Promise.all([
      this.owner.redis.keys('*'),
      this.next.redis.keys('*'),
    ]);
    const doubled = left.filter((key) => moved.includes(key));
    if (doubled.length > 0) throw new Error(`on both masters: ${doubled.join(', ')}`);
    await this.move(left);
    // The new owner first: at no time does nobody own the slot.
    for (const { redis } of [this.next, this.owner, ...this.cluster.nodes])
      await redis.cluster('SETSLOT', this.slot, 'NODE', this.next.id);
    [this.owner, this.next] = [this.next, this.owner];
  }

  private async agrees(): Promise<boolean> {
    const infos = await Promise.all(this.cluster.nodes.map(({ redis }) => redis.cluster('INFO')));
    return new Set(infos.map((info) => /cluster_current_epoch:\d+/.exec(info)?.[0])).size === 1;
  }

  /** Everything that the slot's owner holds. */
  contents(): Promise<Record<string, unknown>> {
    return dump(this.owner.redis);
  }
}
