// How many tasks a process holds at once.
//
//   P1. No more tasks hold a place than there are places.
//   P2. A task that must be alone takes all places: it has none until the process holds nothing else, and while
//       it has them the process takes nothing.
//   P3. A task that waits for all places is not overtaken: until it had them, nobody is given a single one.
//   P4. A task that sits out before it takes its places lessens what is read, and stands in nobody's way.

import { setTimeout as pause } from 'node:timers/promises';
import { Semaphore } from 'async-mutex';

export type GiveBack = () => void;

export class Places {
  private readonly semaphore: Semaphore;
  private sitting = 0;
  /** Takers that wait. */
  private waiting = 0;

  constructor(readonly count: number) {
    this.semaphore = new Semaphore(count);
  }

  get taken(): number {
    return this.count - this.semaphore.getValue();
  }

  /** Waits until a place is free and nobody waits for all (P3). @returns free places; 0 when time is up */
  async free(withinMs: number): Promise<number> {
    if (this.waiting === 0 && this.readable > 0) return this.readable;
    const timeUp = new AbortController();
    const none = pause(withinMs, 0, { signal: timeUp.signal }).catch(() => 0);
    try {
      return await Promise.race([this.unlocked(none), none]);
    } finally {
      timeUp.abort();
    }
  }

  /** Counts as a place to be read for (P4), until the answer is called. */
  sitOut(): GiveBack {
    this.sitting += 1;
    return () => {
      this.sitting -= 1;
    };
  }

  /** Waits for one place, or for all of them; the answer gives them back. */
  async take(alone: boolean): Promise<GiveBack> {
    this.waiting += 1;
    const [, giveBack] = await this.semaphore.acquire(alone ? this.count : 1);
    this.waiting -= 1;
    return giveBack;
  }

  private get readable(): number {
    return this.semaphore.getValue() - this.sitting;
  }

  /** @param none - when all that is free belongs to those that sit out */
  private async unlocked(none: Promise<number>): Promise<number> {
    await this.semaphore.waitForUnlock();
    return this.readable > 0 ? this.readable : none;
  }
}
