// The wall clock of a store in a test's hands: the real time plus what the test set it off by.
//
//   Time enters the library through one function; this puts the one of the test build in its place (S7).

import { librarySource, PARTITION_KEYS } from '@lockstep/store';
import type { Stage } from './stage.js';

const TICK_MS = 10;

export class StoreClock implements Disposable {
  private offMs = 0;
  private readonly ticking: NodeJS.Timeout;

  private constructor(
    private readonly stage: Stage,
    private readonly keys: readonly string[],
  ) {
    this.ticking = setInterval(() => void this.tick(), TICK_MS);
  }

  /** Takes the clock of a store whose services run: at their start they ask for the library as it is. */
  static async of(stage: Stage): Promise<StoreClock> {
    const { partitions } = stage;
    const keys = partitions.tags.map((_, partition) =>
      partitions.feed(partition).replace(PARTITION_KEYS.feed, PARTITION_KEYS.test_clock),
    );
    const clock = new StoreClock(stage, keys);
    await clock.tick();
    const source = librarySource({ testClock: true });
    await stage.redis.call('FUNCTION', 'LOAD', 'REPLACE', source);
    return clock;
  }

  /** From now on it shows the real time and `offMs`. */
  async set(offMs: number): Promise<void> {
    this.offMs = offMs;
    await this.tick();
  }

  [Symbol.dispose](): void {
    clearInterval(this.ticking);
  }

  private async tick(): Promise<void> {
    const now = Date.now() + this.offMs;
    await this.stage.redis.mset(Object.fromEntries(this.keys.map((key) => [key, now])));
  }
}
