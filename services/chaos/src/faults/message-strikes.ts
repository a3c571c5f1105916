import { BULK, duplicateForLoop, type Partitions } from '@lockstep/store';
import { pick } from '@lockstep/testing';
import type { Redis } from 'ioredis';
import { NOW, type Strike } from './strike.js';

/** So many are remembered: some are sent again when their task has long ended. */
const REMEMBERED = 500;
const BLOCK_MS = 1000;

interface Message {
  readonly key: string;
  readonly fields: readonly string[];
}

/** Remembers deliveries as they pass, and sends them again. */
export class MessageStrikes {
  readonly #keys: readonly string[];
  #messages: Message[] = [];

  readonly #redis: Redis;

  /** @param inboxes - of the roles */
  constructor(redis: Redis, partitions: Partitions, inboxes: readonly string[]) {
    this.#redis = duplicateForLoop(redis);
    this.#redis.on('error', () => undefined); // the server is killed, and comes back
    const lanes = inboxes.flatMap((inbox) => [inbox, `${inbox}${BULK}`]);
    this.#keys = partitions.tags.flatMap((_, at) =>
      lanes.map((lane) => partitions.inbox(at, lane)),
    );
  }

  /** Looks on until it is aborted; what passes while it does not look is not remembered. */
  async follow(signal: AbortSignal): Promise<void> {
    const ids = this.#keys.map(() => '$');
    while (!signal.aborted) {
      const read = await this.#redis
        .xread('COUNT', 10, 'BLOCK', BLOCK_MS, 'STREAMS', ...this.#keys, ...ids)
        .catch(() => null);
      for (const [key, entries] of read ?? []) this.#remember(key, entries);
    }
    this.#redis.disconnect();
  }

  /** Sends a delivery again, unless the store refuses all writes now. @param redis - another connection */
  async repeat(redis: Redis, random: () => number): Promise<Strike | undefined> {
    if (this.#messages.length === 0) return undefined;
    const { key, fields } = pick(this.#messages, random);
    const sent = await redis.xadd(key, '*', ...fields).catch(() => null);
    return sent === null ? undefined : { target: key, held: [], over: NOW };
  }

  #remember(key: string, entries: readonly [id: string, fields: string[]][]): void {
    const messages = entries.map(([, fields]) => ({ key, fields }));
    this.#messages = [...this.#messages, ...messages].slice(-REMEMBERED);
  }
}
