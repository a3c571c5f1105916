import type { Schedule } from '../time/schedule.js';
import type { Command } from './command.js';

type Entries = readonly (readonly [id: string, fields: unknown])[];

/** When each delivery was last handed to a consumer, in virtual time. */
export class Pending {
  /** By inbox and message, unit ms. */
  readonly #sinceMs = new Map<string, Map<string, number>>();

  constructor(private readonly schedule: Pick<Schedule, 'nowMs'>) {}

  /** What XREADGROUP has answered. */
  delivered(reply: unknown): void {
    for (const [key, entries] of (reply ?? []) as readonly [string, Entries][])
      this.claimed(
        key,
        entries.map(([id]) => id),
      );
  }

  claimed(key: string, ids: readonly string[], idleMs = 0): void {
    const since = this.#sinceMs.get(key) ?? new Map<string, number>();
    this.#sinceMs.set(key, since);
    for (const id of ids) since.set(id, this.schedule.nowMs - idleMs);
  }

  /** A command that may have been XCLAIM: it may say for how long a message has been idle. */
  saw({ name, args }: Command): void {
    if (name !== 'xclaim') return;
    const [key, , , , ...rest] = args.map(String);
    const ids = rest.filter((word) => /^\d+-\d+$/.test(word));
    const at = rest.indexOf('IDLE');
    this.claimed(key ?? '', ids, at < 0 ? 0 : Number(rest[at + 1]));
  }

  hasIdle(key: string, idleMs: number): boolean {
    return [...(this.#sinceMs.get(key)?.values() ?? [])].some((ms) => this.#isIdle(ms, idleMs));
  }

  /** Which of what is pending there has been so for long; whatever is not pending any more is forgotten. */
  idle(key: string, there: readonly string[], idleMs: number): readonly string[] {
    const since = this.#sinceMs.get(key) ?? new Map<string, number>();
    for (const id of since.keys()) if (!there.includes(id)) since.delete(id);
    return there.filter((id) => this.#isIdle(since.get(id) ?? 0, idleMs));
  }

  #isIdle(sinceMs: number, idleMs: number): boolean {
    return this.schedule.nowMs - sinceMs >= idleMs;
  }
}
