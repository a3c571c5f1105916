// A loop that does one thing again and again in every partition.
//
//   P1. One partition's error never keeps the others waiting: it is counted, and that partition is left alone for a
//       while that doubles.
//   P2. A round that found more than it may do at once is followed by another without a pause.
//   P3. Each round marks its progress; a loop without marks is stuck.

import { setTimeout as pause } from 'node:timers/promises';

/** Does its work once; answers how long it may wait with the next round of this partition, unit ms. */
export type Round = (partition: number) => Promise<number>;

export interface PatrolEvents {
  turned(): void;
  failed(partition: number, error: unknown): void;
}

/** The longest pause after an error, unit ms. */
const LONGEST_BACKOFF_MS = 5000;
const FIRST_BACKOFF_MS = 100;

export class Patrol {
  private readonly ended = new AbortController();
  private readonly dueMs: number[];
  private readonly failures: number[];
  private walking: Promise<void> = Promise.resolve();

  constructor(
    partitions: number,
    private readonly round: Round,
    private readonly events: PatrolEvents,
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {
    this.dueMs = Array.from({ length: partitions }, () => 0);
    this.failures = this.dueMs.map(() => 0);
  }

  start(): void {
    this.walking = this.walk();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await this.walking;
  }

  private async walk(): Promise<void> {
    const { signal } = this.ended;
    while (!signal.aborted) {
      await Promise.all(this.due().map((partition) => this.visit(partition)));
      this.events.turned(); // P3
      const waitMs = Math.min(...this.dueMs) - this.monotonicMs();
      if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => undefined); // P2
    }
  }

  private due(): number[] {
    const now = this.monotonicMs();
    return [...this.dueMs.keys()].filter((partition) => (this.dueMs[partition] ?? 0) <= now);
  }

  /** P1 */
  private async visit(partition: number): Promise<void> {
    try {
      const restMs = await this.round(partition);
      this.failures[partition] = 0;
      this.dueMs[partition] = this.monotonicMs() + restMs;
    } catch (error) {
      const failures = (this.failures[partition] ?? 0) + 1;
      this.failures[partition] = failures;
      const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** failures);
      this.dueMs[partition] = this.monotonicMs() + backoffMs;
      this.events.failed(partition, error);
    }
  }
}
