import type { Store } from '@lockstep/store';

/** Tasks that one call may take back. */
const BATCH = 100;

export interface GuessEvents {
  guessed(worker: string): void;
  reaped(tasks: number, workers: number): void;
  failed(error: unknown): void;
}

/** Acts on suspicions: the tasks of a worker that seems dead go back before its lease ends. */
export class Guesses {
  private known = new Set<string>();
  private readonly reaping = new Set<number>();

  constructor(
    private readonly store: Pick<Store, 'reap' | 'partitions'>,
    private readonly events: GuessEvents,
  ) {}

  /** A worker stays suspected until it is removed, so that a reap that failed is made again. */
  suspected(workers: readonly string[]): void {
    const news = workers.filter((worker) => !this.known.has(worker));
    this.known = new Set(workers);
    for (const worker of news) this.events.guessed(worker);
    for (const partition of this.store.partitions.tags.keys()) this.reap(partition, workers);
  }

  private reap(partition: number, workers: readonly string[]): void {
    if (this.reaping.has(partition)) return;
    this.reaping.add(partition);
    this.reapAll(partition, workers)
      .catch((error: unknown) => {
        this.events.failed(error);
      })
      .finally(() => this.reaping.delete(partition));
  }

  private async reapAll(partition: number, workers: readonly string[]): Promise<void> {
    for (let goesOn = true; goesOn;) {
      const { taken, removed, more } = await this.store.reap(partition, BATCH, workers);
      this.events.reaped(taken, removed);
      goesOn = more;
    }
  }
}
