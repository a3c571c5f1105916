import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { RedisConnections } from '@lockstep/host';
import { randomWorkerId } from '@lockstep/store';
import type { Redis } from 'ioredis';

/** A caller waits no longer for the store than this; then it is told so, and may ask again. */
const ANSWER_MS = 5000;

/** The gateway's connections to Redis. Whoever blocks or subscribes has one of its own. */
@Injectable()
export class Connections implements OnApplicationBootstrap {
  /** For all short commands. */
  readonly shared: Redis;
  /** Held by reads of the feed. */
  readonly feed: Redis;
  /** Subscribed to news of views. */
  readonly news: Redis;

  constructor(connections: RedisConnections) {
    this.shared = connections.connect(`ls:${randomWorkerId('gateway', process.pid)}`);
    this.feed = connections.connectLoop(this.shared);
    this.news = connections.connectLoop(this.shared);
  }

  /** From now on there are callers. Until then it waits for Redis, as every service does. */
  onApplicationBootstrap(): void {
    this.shared.options.commandTimeout = ANSWER_MS;
  }
}
