import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually, type RedisServer } from '@lockstep/testing';
import type { Redis } from 'ioredis';
import { drawnMs, type Striker } from './strike.js';

const DOWN_MS = { least: 50, most: 1500 } as const;
const FROZEN_MS = { least: 100, most: 4000 } as const;
const REFUSING_MS = { least: 100, most: 2500 } as const;
/** Its file of commands may be rewritten first. */
const SAVES_WITHIN_MS = 60_000;

/** Strikes at the one Redis, one at a time. */
export class RedisStrikes {
  #isStruck = false;

  /** @param dir - of the server's data */
  constructor(
    private readonly server: RedisServer,
    private readonly redis: Redis,
    private readonly dir: string,
  ) {}

  /** Comes back with its data: what it has acknowledged has reached its file. */
  readonly kill: Striker = (random) =>
    this.#alone(async () => {
      await this.server.kill();
      await pause(drawnMs(random, DOWN_MS.least, DOWN_MS.most));
      await this.server.start();
    });

  readonly freeze: Striker = (random) =>
    this.#alone(async () => {
      await this.server.freeze();
      await pause(drawnMs(random, FROZEN_MS.least, FROZEN_MS.most));
      await this.server.thaw();
    });

  /** Everything that needs memory is answered OOM. */
  readonly outOfMemory: Striker = (random) =>
    this.#alone(async () => {
      await this.redis.config('SET', 'maxmemory', '1mb');
      await pause(drawnMs(random, REFUSING_MS.least, REFUSING_MS.most));
      await this.redis.config('SET', 'maxmemory', '0');
    });

  /** It cannot save itself, and answers MISCONF to every write: a folder lies where its file should be. */
  readonly writeError: Striker = (random) =>
    this.#alone(async () => {
      await this.#cannotSave();
      await this.redis.config('SET', 'save', '3600 1000000');
      await pause(drawnMs(random, REFUSING_MS.least, REFUSING_MS.most));
      await this.redis.config('SET', 'save', '');
    });

  /** From the first time that it has tried; refuses nothing as long as it is not told to save itself. */
  async #cannotSave(): Promise<void> {
    const hasFailed = async (): Promise<boolean> =>
      (await this.redis.info('persistence')).includes('rdb_last_bgsave_status:err');
    if (await hasFailed()) return;
    await mkdir(join(this.dir, 'dump.rdb'), { recursive: true });
    await this.redis.bgsave('SCHEDULE');
    await eventually(hasFailed, { what: 'Redis cannot save itself', timeoutMs: SAVES_WITHIN_MS });
  }

  #alone(strike: () => Promise<void>): ReturnType<Striker> {
    if (this.#isStruck) return Promise.resolve(undefined);
    this.#isStruck = true;
    const over = strike().finally(() => (this.#isStruck = false));
    return Promise.resolve({ target: 'redis', held: [], over });
  }
}
