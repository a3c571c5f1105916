import type { Partitions } from '@lockstep/store';
import type { Redis } from 'ioredis';
import { nextLookInMs, type Pace } from './pace.js';
import { RollCall } from './roll-call.js';
import { type Suspect, Suspicion } from './suspicion.js';

/** Also when nothing seems to have changed: connections may get their names later, and a reap may have failed. */
const ROLL_EVERY_MS = 1000;

/** Looks at the connections of workers, as often as that is worth it. */
export class WorkerWatch {
  private readonly suspicion = new Suspicion();
  private readonly roll: RollCall;
  private calledAtMs = -Infinity;

  /**
   * @param redis - a connection of its own, whose own breaks tell of the server's
   * @param suspected - told with each roll who seems dead: once a second at least until they are removed
   */
  constructor(
    redis: Redis,
    partitions: Partitions,
    private readonly pace: Pace,
    private readonly suspected: (suspects: readonly Suspect[]) => void,
  ) {
    this.roll = new RollCall(redis, partitions);
    const connected = (isUp: boolean) => (): void => {
      this.suspicion.connected(isUp, performance.now());
    };
    if (redis.status === 'ready') connected(true)();
    redis.on('ready', connected(true));
    redis.on('close', connected(false));
  }

  /** Workers whose connections were seen. */
  get watched(): number {
    return this.suspicion.watched;
  }

  /** Looks once. Answers when to look again, unit ms. */
  async look(): Promise<number> {
    const nowMs = performance.now();
    const isDue = this.suspicion.isInDoubt || nowMs - this.calledAtMs >= ROLL_EVERY_MS;
    if (!isDue && (await this.roll.isUnchanged(nowMs))) this.suspicion.foundAll(nowMs);
    else await this.callRoll(nowMs);
    return nextLookInMs(this.pace, {
      listedChars: this.roll.listedChars,
      isInDoubt: this.suspicion.isInDoubt,
    });
  }

  private async callRoll(nowMs: number): Promise<void> {
    const { registered, connected } = await this.roll.call();
    this.calledAtMs = nowMs;
    this.suspected(this.suspicion.look(registered, connected, performance.now()));
  }
}
