import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { GatewayConfig } from '../config.js';

/** The gateway's connections to Redis: one for all short commands, and one that blocking reads hold. */
@Injectable()
export class Connections implements OnApplicationShutdown {
  readonly shared: Redis;
  readonly blocking: Redis;

  constructor({ redisUrl }: GatewayConfig) {
    this.shared = new Redis(redisUrl);
    this.blocking = new Redis(redisUrl);
  }

  onApplicationShutdown(): void {
    this.shared.disconnect();
    this.blocking.disconnect();
  }
}
