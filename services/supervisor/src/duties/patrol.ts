// A duty that is done again and again in every partition.
//
//   P1. Each partition has a loop of its own: one that fails or hangs never keeps the others waiting. After an
//       error it is left alone for a while that doubles.
//   P2. A round that found more than it may do at once is followed by another without a pause.
//   P3. Each round, failed or not, marks the progress of its loop, and so does a long rest; a loop without marks
//       is stuck.

/** Does its work once; answers how long it may wait with the next round of this partition, unit ms. */
export type Round = (partition: number) => Promise<number>;

export interface PatrolEvents {
  turned(partition: number): void;
  failed(partition: number, error: unknown): void;
}

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5000;
const NAP_MS = 1000;

export class Patrol {
  private readonly napping = new Set<() => void>();
  private isEnded = false;
  private walking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly partitions: number,
    private readonly round: Round,
    private readonly events: PatrolEvents,
  ) {}

  start(): void {
    const all = Array.from({ length: this.partitions }, (_, partition) => this.walk(partition));
    this.walking = Promise.all(all);
  }

  async stop(): Promise<void> {
    this.isEnded = true;
    for (const wake of this.napping) wake();
    await this.walking;
  }

  /** P1 */
  private async walk(partition: number): Promise<void> {
    for (let failures = 0; !this.isEnded;) {
      const restMs = await this.visit(partition);
      failures = restMs === null ? failures + 1 : 0;
      await this.rest(partition, restMs ?? backoffMs(failures));
    }
  }

  /** Marks the progress once at least (P3); without a pause when there is nothing to rest for (P2). */
  private async rest(partition: number, ms: number): Promise<void> {
    this.events.turned(partition);
    for (let leftMs = ms; leftMs > 0 && !this.isEnded; leftMs -= NAP_MS) {
      await this.nap(Math.min(leftMs, NAP_MS));
      this.events.turned(partition);
    }
  }

  /** Ends early when the patrol does. */
  private nap(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.napping.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.napping.add(wake);
    });
  }

  /** Null when it failed. */
  private async visit(partition: number): Promise<number | null> {
    try {
      return await this.round(partition);
    } catch (error) {
      this.events.failed(partition, error);
      return null;
    }
  }
}

const backoffMs = (failures: number): number =>
  Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
