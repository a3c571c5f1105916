import { AsyncLocalStorage } from 'node:async_hooks';
import { randomFrom } from '@lockstep/testing';
import type { Schedule } from './schedule.js';

const acting = new AsyncLocalStorage<Actor>();

/** Who does what is being done; undefined outside of a simulation. */
export const currentActor = (): Actor | undefined => acting.getStore();

/**
 * A process of the simulation. What reaches it while it is frozen happens when it thaws; what reaches it after its
 * death never happens, and what it had planned does not either.
 */
export class Actor {
  readonly random: () => number;
  /** How far its wall clock is ahead, unit ms. */
  wallAheadMs = 0;
  #isDead = false;
  /** What came while it was frozen; undefined when it is not. */
  #held: (() => void)[] | undefined;

  constructor(
    readonly name: string,
    readonly pid: number,
    readonly schedule: Schedule,
    seed: number,
  ) {
    this.random = randomFrom(seed);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isFrozen(): boolean {
    return this.#held !== undefined;
  }

  /** Does something as this process. */
  run<Result>(work: () => Result): Result {
    return acting.run(this, work);
  }

  /** Something reaches it: a reply, a timer, an immediate. */
  receive(event: () => void): void {
    if (this.#isDead) return;
    if (this.#held) this.#held.push(event);
    else event();
  }

  kill(): void {
    this.#isDead = true;
    this.#held = undefined;
  }

  freeze(): void {
    this.#held ??= [];
  }

  thaw(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.schedule.after(0, () => this.receive(event));
  }
}
