import { ServiceUnavailableException } from '@nestjs/common';

// Arrivals: a request that is not acted on within a second of its arrival never
// is, so that a look-up after that second is definite.
//
//   A1. A request never counts as arrived later than it was. Bytes that came
//       while this process was stopped or busy are only read afterwards, so a
//       request counts as arrived some ticks of the loop before it was read.
//   A2. The age is checked in the same turn of the loop that commits.

const ACT_WITHIN_MS = 1_000;
const TICK_MS = 100;

/**
 * Ticks that a request may lie unread: the one after which its bytes came, the
 * one that a busy loop ran before it read again, and one to accept a connection.
 */
const TICKS_UNREAD = 3;

/** Knows when each request arrived. */
export class Arrivals {
  readonly #arrivedMs = new WeakMap<object, number>();
  readonly #nowMs: () => number;
  #ticksMs: number[];

  /** @param nowMs - a monotonic clock */
  constructor(nowMs = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#ticksMs = [nowMs()];
  }

  /** Ticks until the returned timer is cleared; does not keep the process alive. */
  start(): NodeJS.Timeout {
    return setInterval(() => {
      this.tick();
    }, TICK_MS).unref();
  }

  /** Says that the loop runs. */
  tick(): void {
    this.#ticksMs = [...this.#ticksMs, this.#nowMs()].slice(-TICKS_UNREAD);
  }

  /** Notes that the request was read just now (A1). */
  note(request: object): void {
    this.#arrivedMs.set(request, this.#ticksMs[0] ?? -Infinity);
  }

  /** @throws ServiceUnavailableException when it is too late to act on the request (A2) */
  mustBeFresh(request: object): void {
    const arrivedMs = this.#arrivedMs.get(request) ?? -Infinity;
    if (this.#nowMs() - arrivedMs <= ACT_WITHIN_MS) return;
    throw new ServiceUnavailableException(
      'the request has waited for up to a second or more; nothing was done, send it again',
    );
  }
}
