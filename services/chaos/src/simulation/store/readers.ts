// Reads of inboxes that wait. A server looks after them whenever something was delivered; so does this one, but it
// asks nothing of a Redis in which nothing can have come since it was last asked.

import type { Args, Call, Line, Request } from './command.js';

/** A read that waits. */
export interface Reader {
  readonly line: Line;
  readonly request: Request;
}

export class Readers {
  /** Oldest first. */
  #waiting: Reader[] = [];
  /** Inboxes in which nothing new lies. */
  readonly #empty = new Set<string>();

  add(reader: Reader): void {
    this.#waiting.push(reader);
  }

  /** False when it waits no more. */
  remove(reader: Reader): boolean {
    const others = this.#waiting.filter((each) => each !== reader);
    const waited = others.length < this.#waiting.length;
    this.#waiting = others;
    return waited;
  }

  leave(line: Line): void {
    this.#waiting = this.#waiting.filter((each) => each.line !== line);
  }

  clear(): void {
    this.#waiting = [];
  }

  isBusy(line: Line): boolean {
    return this.#waiting.some((each) => each.line === line);
  }

  /** Something may have come anywhere. */
  delivered(): void {
    this.#empty.clear();
  }

  isEmpty(read: Args): boolean {
    return this.#empty.has(inboxesOf(read));
  }

  /** A read came to nothing. */
  foundNothing(read: Args): void {
    this.#empty.add(inboxesOf(read));
  }

  /** Of each set of inboxes in which something may lie the one that has waited longest. */
  get next(): readonly Reader[] {
    const first = new Map<string, Reader>();
    for (const reader of this.#waiting) {
      const inboxes = inboxesOf(reader.request.args);
      if (!first.has(inboxes) && !this.#empty.has(inboxes)) first.set(inboxes, reader);
    }
    return [...first.values()];
  }
}

/** The read of a waiting reader, as one that does not wait. */
export const readNow = ({ request: { args } }: Reader): Call => [
  'xreadgroup',
  ...withoutBlock(args),
];

export function withoutBlock(args: Args): Args {
  const at = args.indexOf('BLOCK');
  return at < 0 ? args : args.toSpliced(at, 2);
}

/** How long a read may wait, unit ms; null when it does not wait. */
export function blockMsOf(args: Args): number | null {
  const at = args.indexOf('BLOCK');
  return at < 0 ? null : Number(args[at + 1]);
}

const inboxesOf = (args: Args): string => args.slice(args.indexOf('STREAMS')).join(' ');
