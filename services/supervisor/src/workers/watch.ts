import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '@lockstep/store';
import type { Redis } from 'ioredis';
import { connectedWorkers, Suspicion } from './suspicion.js';

/** Looks at the connections of workers again and again, and tells whom it suspects. */
export class WorkerWatch {
  private readonly ended = new AbortController();
  private readonly suspicion = new Suspicion();
  private suspects: readonly string[] = [];
  private walking: Promise<void> = Promise.resolve();

  constructor(
    private readonly redis: Redis,
    private readonly store: Pick<Store, 'partitions'>,
    private readonly everyMs: number,
    private readonly onSuspects: (workers: readonly string[]) => void,
    private readonly onFailed: (error: unknown) => void,
  ) {}

  /** Workers that seem dead at the moment. */
  get suspected(): readonly string[] {
    return this.suspects;
  }

  start(): void {
    if (this.redis.status === 'ready') this.suspicion.connected(true, performance.now());
    this.redis.on('ready', () => {
      this.suspicion.connected(true, performance.now());
    });
    this.redis.on('close', () => {
      this.suspicion.connected(false, performance.now());
    });
    this.walking = this.walk();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await this.walking;
  }

  private async walk(): Promise<void> {
    const { signal } = this.ended;
    while (!signal.aborted) {
      await this.look().catch(this.onFailed);
      await pause(this.everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async look(): Promise<void> {
    const { partitions } = this.store;
    const registered = await Promise.all(
      partitions.tags.map((_, partition) =>
        this.redis.zrange(partitions.workers(partition), '0', '-1'),
      ),
    );
    // Asked after the names: a worker connects before it registers.
    const connected = connectedWorkers(String(await this.redis.client('LIST')));
    this.suspects = this.suspicion.look(new Set(registered.flat()), connected, performance.now());
    if (this.suspects.length > 0) this.onSuspects(this.suspects);
  }
}
