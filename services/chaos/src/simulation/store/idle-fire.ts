import type { Command } from './command.js';

/** A call of the store, and when: after how many changes, and at what time by its clock. */
export interface CallAt {
  readonly call: Command;
  readonly changes: number;
  readonly nowMs: number;
}

/**
 * Answers a call of `fire` before which nothing has changed and nothing became due since the last one: half of all
 * calls. It would change nothing either, so Redis is not asked.
 */
export class IdleFire {
  /** Until when nothing is due, unless there are more changes. */
  #idle: { readonly changes: number; readonly untilMs: number } | undefined;

  /** Undefined when Redis must be asked. */
  answer({ call, changes, nowMs }: CallAt): readonly number[] | undefined {
    const idle = this.#idle;
    if (!isFire(call) || idle?.changes !== changes || nowMs >= idle.untilMs) return undefined;
    return [0, 0, idle.untilMs === Infinity ? -1 : idle.untilMs - nowMs];
  }

  /** @returns whether it was a `fire` that changed nothing */
  saw({ call, changes, nowMs }: CallAt, reply: unknown): boolean {
    if (!isFire(call) || reply instanceof Error) return false;
    const [fired, more, nextInMs = -1] = reply as readonly number[];
    if (fired !== 0 || more !== 0) return false;
    this.#idle = { changes, untilMs: nextInMs < 0 ? Infinity : nowMs + nextInMs };
    return true;
  }
}

const isFire = ({ name, args }: Command): boolean =>
  name === 'fcall' && /_fire$/.test(String(args[0]));
