// Who is registered, and who has a connection: what the store knows, and what the server sees.
//
//   R1. The roll is called only when something may have changed, and now and then: to list all clients is most of
//       what a look costs the server. In between it is asked for one known connection of each worker, by its id.
//   R2. A worker whose known connection is gone may have others. The roll says.
//   R3. A worker registers in all partitions at once: one of them, in turn, tells who is new, and not each time.
//   R4. A worker connects before it registers, so the clients are listed last.

import { inOneGo, type Partitions } from '@lockstep/store';
import type { Redis } from 'ioredis';

/** From one check that asks who is new to the next, unit ms. Nobody who is new can be missed before. */
const NEW_EVERY_MS = 100;

export interface Roll {
  readonly registered: ReadonlySet<string>;
  readonly connected: ReadonlySet<string>;
}

export class RollCall {
  private registered: ReadonlySet<string> = new Set();
  /** Ids of one connection of each registered worker that has any. */
  private known: ReadonlyMap<string, string> = new Map();
  private askedAtMs = -Infinity;
  private turn = 0;
  private chars = 0;

  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {}

  /** How much the server listed for the last answer, unit characters. */
  get listedChars(): number {
    return this.chars;
  }

  /**
   * Whether everybody is there who was on the roll, and nobody else has come (R1).
   *
   * @param nowMs - of any clock that only goes forward
   */
  async isUnchanged(nowMs: number): Promise<boolean> {
    const asksWhoIsNew = nowMs - this.askedAtMs >= NEW_EVERY_MS;
    const isSame = await Promise.all([
      this.areAllThere(),
      !asksWhoIsNew || this.isNobodyNew(nowMs),
    ]);
    return isSame.every(Boolean);
  }

  /** Asks for all of them. */
  async call(): Promise<Roll> {
    const partitions = [...this.partitions.tags.keys()];
    const workers = await inOneGo(this.redis, partitions, (pipeline, partition) =>
      pipeline.zrange(this.partitions.workers(partition), '0', '-1'),
    );
    const connected = this.read(await this.redis.client('LIST')); // R4
    this.registered = new Set((workers as string[][]).flat());
    this.known = new Map([...connected].filter(([worker]) => this.registered.has(worker)));
    return { registered: this.registered, connected: new Set(connected.keys()) };
  }

  private async areAllThere(): Promise<boolean> {
    if (this.known.size === 0) return true;
    const connected = this.read(await this.redis.client('LIST', 'ID', ...this.known.values()));
    return [...this.known.keys()].every((worker) => connected.has(worker));
  }

  private async isNobodyNew(nowMs: number): Promise<boolean> {
    this.askedAtMs = nowMs;
    const partition = this.turn++ % this.partitions.count; // R3
    const workers = await this.redis.zrange(this.partitions.workers(partition), '0', '-1');
    return workers.every((worker) => this.registered.has(worker));
  }

  private read(clients: unknown): Map<string, string> {
    const list = typeof clients === 'string' ? clients : '';
    this.chars = list.length;
    return connectionsOf(list);
  }
}

/** Id of a connection of each worker, from the server's CLIENT LIST. */
export function connectionsOf(clientList: string): Map<string, string> {
  const connections = clientList.matchAll(/^id=(\d+) .* name=ls:(\S+)/gm);
  return new Map([...connections].map(([, id = '', worker = '']) => [worker, id]));
}
