import type { Store } from '@lockstep/store';
import type { Suspect } from './suspicion.js';

/** Tasks that one call may take back. */
const BATCH = 100;

export interface GuessEvents {
  guessed(worker: string): void;
  reaped(tasks: number, workers: number): void;
  /** Everything that a worker held is back at its roles, so long after its connections were seen. */
  recovered(seconds: number): void;
  failed(error: unknown): void;
}

/** Acts on suspicions: the tasks of a worker that seems dead go back before its lease ends. */
export class Guesses {
  private known = new Set<string>();

  constructor(
    private readonly store: Pick<Store, 'reap' | 'partitions'>,
    private readonly events: GuessEvents,
  ) {}

  /** A worker stays suspected until it is removed, so that a reap that failed is made again. */
  suspected(suspects: readonly Suspect[]): void {
    const news = suspects.filter(({ worker }) => !this.known.has(worker));
    this.known = new Set(suspects.map(({ worker }) => worker));
    for (const { worker } of news) this.events.guessed(worker);
    if (suspects.length > 0) void this.recover(suspects, news);
  }

  private async recover(suspects: readonly Suspect[], news: readonly Suspect[]): Promise<void> {
    const workers = suspects.map(({ worker }) => worker);
    try {
      const partitions = [...this.store.partitions.tags.keys()];
      await Promise.all(partitions.map((partition) => this.reapAll(partition, workers)));
      const nowMs = performance.now();
      for (const { seenAtMs } of news) this.events.recovered((nowMs - seenAtMs) / 1000);
    } catch (error) {
      this.events.failed(error);
    }
  }

  private async reapAll(partition: number, workers: readonly string[]): Promise<void> {
    for (let goesOn = true; goesOn;) {
      const { taken, removed, more } = await this.store.reap(partition, BATCH, workers);
      this.events.reaped(taken, removed);
      goesOn = more;
    }
  }
}
