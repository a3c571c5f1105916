// From which of its streams a reader takes next. An inbox has two lanes: what a wide workflow or a burst delivers lies in
// the bulk lane, everything else in the front lane.
//
//   L1. While both lanes have something they take turns, and neither waits for the other to be empty.
//   L2. While nothing is known to lie in the bulk lane, it costs a place in the read that waits, and a look in a while.
//   L3. Of the streams of a lane each turn begins with the next, so that none is always last.

import { BULK, type Partitions } from './keys.js';

/** A lane of an inbox in one partition. */
export interface Stream {
  readonly key: string;
  readonly partition: number;
  /** `<role>@<major>`, and behind it what names the lane. */
  readonly inbox: string;
}

/** Streams that are looked at together. */
export interface Look {
  readonly streams: readonly Stream[];
  /** Whether the bulk lane is among them. */
  readonly atBulk: boolean;
}

/** Turns after which the bulk lane is looked at, when it had nothing the last time. */
const LOOK_EVERY = 16;

export class Lanes {
  private readonly front: readonly Stream[];
  private readonly bulk: readonly Stream[];
  private turn = 0;
  private hasBulk = false;

  /** @param inboxes - `<role>@<major>` each */
  constructor(partitions: Partitions, inboxes: readonly string[]) {
    this.front = streamsOf(partitions, inboxes);
    this.bulk = streamsOf(
      partitions,
      inboxes.map((inbox) => inbox + BULK),
    );
  }

  get all(): Look {
    return { streams: [...this.front, ...this.bulk], atBulk: true };
  }

  /** How many streams share the places of one read: those that may well have something. */
  get sharers(): number {
    return this.front.length + (this.hasBulk ? this.bulk.length : 0);
  }

  /** Where the next turn looks before it waits, the lane whose turn it is first. */
  next(): readonly Look[] {
    this.turn += 1;
    const front = { streams: this.rotated(this.front), atBulk: false };
    const bulk = { streams: this.rotated(this.bulk), atBulk: true };
    if (this.hasBulk) return this.turn % 2 === 0 ? [bulk, front] : [front, bulk]; // L1
    return this.turn % LOOK_EVERY === 0 ? [bulk, front] : [front]; // L2
  }

  /** What a look came to. */
  saw({ atBulk }: Look, found: readonly { readonly inbox: string }[]): void {
    if (atBulk) this.hasBulk = found.some(({ inbox }) => inbox.endsWith(BULK));
  }

  /** L3. Two turns begin alike, since every other one may be that of a lane. */
  private rotated(lane: readonly Stream[]): readonly Stream[] {
    const at = Math.floor(this.turn / 2) % lane.length;
    return [...lane.slice(at), ...lane.slice(0, at)];
  }
}

const streamsOf = (partitions: Partitions, inboxes: readonly string[]): Stream[] =>
  inboxes.flatMap((inbox) =>
    partitions.tags.map((_, partition) => ({
      key: partitions.inbox(partition, inbox),
      partition,
      inbox,
    })),
  );
