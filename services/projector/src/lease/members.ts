import { membersKey } from '@lockstep/store';
import type { Redis } from 'ioredis';

/**
 * Which projectors are alive, so that each knows its fair share. Nothing but fairness depends on it: that a
 * partition has one owner is up to its lease.
 */
export class Members {
  private readonly key = membersKey('projector');

  /** @param silentMs - one that has said nothing for so long does not count */
  constructor(
    private readonly redis: Redis,
    private readonly member: string,
    private readonly silentMs: number,
  ) {}

  /** Says that this one is alive. Answers how many are, itself included. */
  async beat(): Promise<number> {
    const [seconds, micros] = (await this.redis.time()).map(Number);
    const nowMs = (seconds ?? 0) * 1000 + Math.floor((micros ?? 0) / 1000);
    await this.redis.zadd(this.key, nowMs, this.member);
    await this.redis.zremrangebyscore(this.key, '-inf', nowMs - this.silentMs);
    return this.redis.zcard(this.key);
  }

  async leave(): Promise<void> {
    await this.redis.zrem(this.key, this.member);
  }
}
