// Feeds jobs in, and counts their ends.
//
//   D1. At most so many are in flight as was asked for: one that ends makes room for one.
//   D2. It is done when every job that it started has ended. A job that is lost fails it.

import type { JobClient } from './job-client.js';
import { type Load, Window } from './window.js';

export interface LoadResult extends Load {
  /** Jobs that ended at all, before and after the window too. */
  readonly total: number;
}

/** Whether one more is to be started for each that ended. */
type GoesOn = (ended: number, atMs: number) => boolean;

const LOST_AFTER_MS = 60_000;

export class Driver {
  private started = 0;
  private ended = 0;
  private onEnded: (atMs: number) => void = () => undefined;

  constructor(private readonly client: JobClient) {
    client.onEnded = (count, atMs) => {
      this.ended += count;
      this.onEnded(atMs);
    };
  }

  /** Keeps jobs in flight, and counts for so long what ends, once as many as fit have ended. */
  async load(inFlight: number, windowMs: number): Promise<LoadResult> {
    const window = new Window(inFlight, windowMs);
    const total = await this.run(inFlight, (ended, atMs) => window.see(ended, atMs));
    return { ...window.load, total };
  }

  /** Runs one job after the other. @returns how long each took, from before its start, unit ms */
  async oneAtATime(forMs: number): Promise<number[]> {
    const durations: number[] = [];
    const untilMs = performance.now() + forMs;
    while (performance.now() < untilMs) durations.push(await this.one());
    return durations;
  }

  /** Starts so many at once. @returns when the last had ended, unit ms since 1970 */
  async all(count: number): Promise<number> {
    await this.run(count, () => false);
    return Date.now();
  }

  private async one(): Promise<number> {
    const beganMs = performance.now();
    let endedMs = beganMs;
    await this.run(1, (_, atMs) => {
      endedMs = atMs;
      return false;
    });
    return endedMs - beganMs;
  }

  /** @returns how many ended */
  private async run(inFlight: number, goesOn: GoesOn): Promise<number> {
    const before = this.ended;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const start = (count: number): void => {
      this.started += count;
      this.client.start(count).catch(reject);
    };
    this.onEnded = (atMs) => {
      const more = goesOn(this.ended - before, atMs);
      if (more) start(inFlight - (this.started - this.ended)); // D1
      if (this.started === this.ended) resolve(undefined); // D2
    };
    start(inFlight);
    await this.watched(promise);
    return this.ended - before;
  }

  private async watched(done: Promise<undefined>): Promise<void> {
    const { promise: lost, reject } = Promise.withResolvers<never>();
    let last = this.ended;
    const watch = setInterval(() => {
      if (this.ended === last)
        reject(new Error(`${this.started - this.ended} jobs in flight, and none ended for long`));
      last = this.ended;
    }, LOST_AFTER_MS);
    await Promise.race([done, lost]).finally(() => {
      clearInterval(watch);
    });
  }
}
