import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { ServiceConfig } from '../config/service-config.js';

/** The connections of this process: opened by whoever needs one, ended after everything else. */
@Injectable()
export class RedisConnections implements OnApplicationShutdown {
  private readonly open: Redis[] = [];

  constructor(private readonly config: ServiceConfig) {}

  /** @param name - what the server calls it, as in CLIENT LIST */
  connect(name: string): Redis {
    const redis = new Redis(this.config.redisUrl, {
      connectionName: name,
      maxRetriesPerRequest: null,
    });
    this.open.push(redis);
    return redis;
  }

  onApplicationShutdown(): void {
    for (const redis of this.open) redis.disconnect();
  }
}
