import type { AppendItem } from '@lockstep/store';

/** What one operation wants in the log, all of it in one append. */
export interface OutboxEntry {
  readonly items: readonly AppendItem[];
  /** May lose a race against another writer; goes in an append of its own. */
  readonly contested: boolean;
  /** Called when it is recorded (true) or lost its race (false). */
  readonly done: (recorded: boolean) => void;
  readonly failed: (error: unknown) => void;
}

const MAX_ITEMS = 200;
const MAX_BYTES = 768 * 1024;

/** What is ready to be appended, in order. */
export class Outbox {
  private entries: OutboxEntry[] = [];

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** Whether nothing in it brings a result to the handler. */
  get bringsNothing(): boolean {
    return this.entries.every(({ items }) => items.every(({ event }) => ISSUES.has(event.type)));
  }

  add(entry: OutboxEntry): void {
    this.entries.push(entry);
  }

  /** Takes as many entries from the front as one append may carry. */
  take(): OutboxEntry[] {
    let items = 0;
    let bytes = 0;
    const fits = (entry: OutboxEntry, at: number): boolean => {
      items += entry.items.length;
      bytes += entry.items.reduce((sum, { event }) => sum + event.data.length, 0);
      return at === 0 || (!entry.contested && items <= MAX_ITEMS && bytes <= MAX_BYTES);
    };
    const firstIsContested = this.entries[0]?.contested === true;
    const end = firstIsContested ? 1 : this.entries.findIndex((entry, at) => !fits(entry, at));
    return this.entries.splice(0, end === -1 ? this.entries.length : end);
  }

  /** Empties it: the claim is lost, nothing of it may be written any more. */
  fail(error: unknown): void {
    for (const entry of this.entries.splice(0)) entry.failed(error);
  }
}

const ISSUES = new Set<string>(['TaskScheduled', 'TimerSet']);
