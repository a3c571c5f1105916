import { setTimeout as pause } from 'node:timers/promises';
import type { Partitions } from '@lockstep/store';
import type { Redis } from 'ioredis';
import { connectedWorkers, Suspicion } from './suspicion.js';

export interface WatchEvents {
  turned(): void;
  /** These workers seem dead; told with each look until they are removed. */
  suspected(workers: readonly string[]): void;
  failed(error: unknown): void;
}

/** Looks at the connections of workers again and again. */
export class WorkerWatch {
  private readonly ended = new AbortController();
  private readonly suspicion = new Suspicion();
  private walking: Promise<void> = Promise.resolve();

  /** @param redis - a connection of its own, whose own breaks tell of the server's */
  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
    private readonly everyMs: number,
    private readonly events: WatchEvents,
  ) {}

  /** Workers whose connections were seen. */
  get watched(): number {
    return this.suspicion.watched;
  }

  start(): void {
    const connected = (isUp: boolean) => (): void => {
      this.suspicion.connected(isUp, performance.now());
    };
    if (this.redis.status === 'ready') connected(true)();
    this.redis.on('ready', connected(true));
    this.redis.on('close', connected(false));
    this.walking = this.walk();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await this.walking;
  }

  private async walk(): Promise<void> {
    const { signal } = this.ended;
    while (!signal.aborted) {
      await this.look().catch((error: unknown) => {
        this.events.failed(error);
      });
      this.events.turned();
      await pause(this.everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    const registered = await registeredWorkers(this.redis, this.partitions);
    // Asked after the names: a worker connects before it registers.
    const connected = connectedWorkers(String(await this.redis.client('LIST')));
    const suspects = this.suspicion.look(registered, connected, performance.now());
    if (suspects.length > 0) this.events.suspected(suspects);
  }
}

/** Every worker that some partition knows. */
export async function registeredWorkers(
  redis: Pick<Redis, 'zrange'>,
  partitions: Partitions,
): Promise<Set<string>> {
  const keys = partitions.tags.map((_, partition) => partitions.workers(partition));
  return new Set((await Promise.all(keys.map((key) => redis.zrange(key, '0', '-1')))).flat());
}
