import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { checkServer, connectRedis, duplicateForLoop } from '@lockstep/store';
import type { Redis } from 'ioredis';
import { PinoLogger } from 'nestjs-pino';
import { ServiceConfig } from '../config/service-config.js';
import { Health } from '../health/health.js';
import { Metrics } from '../metrics/metrics.js';
import { storeMetrics } from './store-metrics.js';

/**
 * The connections of this process: opened by whoever needs one, ended after everything else. A service that
 * opens one while it is built does not start against a server that does not fit, and is not ready while that
 * server does not answer.
 */
@Injectable()
export class RedisConnections implements OnModuleInit, OnApplicationShutdown {
  private readonly open: Redis[] = [];
  private readonly measure: (redis: Redis) => void;
  private readyMs = 0;

  constructor(
    private readonly config: ServiceConfig,
    private readonly health: Health,
    private readonly logger: PinoLogger,
    metrics: Metrics,
  ) {
    this.measure = storeMetrics(metrics);
  }

  /** @param name - what the server calls it, as in CLIENT LIST */
  connect(name: string): Redis {
    const { redisUrl: url, redisPassword: password } = this.config;
    return this.keep(connectRedis({ url, password, name }));
  }

  /** A connection like `redis` for one loop that blocks. */
  connectLoop(redis: Redis): Redis {
    return this.keep(duplicateForLoop(redis));
  }

  /** For how long every connection has been up, unit ms; 0 while one is not. */
  steadyMs(): number {
    if (this.open.some(({ status }) => status !== 'ready')) return 0;
    return performance.now() - this.readyMs;
  }

  /** @throws the reason why this service must not run on this server, with the command that mends it */
  async onModuleInit(): Promise<void> {
    const [redis] = this.open;
    if (!redis) return;
    const { partitions, unsafeRedis: unsafe } = this.config;
    const { version, durability, warnings } = await checkServer(redis, { partitions, unsafe });
    this.logger.info({ version, durability }, 'Redis fits');
    for (const warning of warnings) this.logger.warn(warning);
    this.health.readyWhen('redis', async () => {
      await redis.ping();
    });
  }

  onApplicationShutdown(): void {
    for (const redis of this.open) redis.disconnect();
  }

  private keep(redis: Redis): Redis {
    this.open.push(redis);
    this.measure(redis);
    let told = false; // once an outage, not once a try
    redis.on('error', (error: Error) => {
      if (!told) this.logger.warn({ err: error }, 'Redis cannot be reached: trying again');
      told = true;
    });
    redis.on('ready', () => {
      this.readyMs = performance.now();
      told = false;
    });
    return redis;
  }
}
