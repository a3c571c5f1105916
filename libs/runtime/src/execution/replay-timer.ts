import type { Clock } from './clock.js';

/** Measures how long a handler takes to come to where its history ends. */
export class ReplayTimer {
  private sinceMs: number | undefined;

  constructor(
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    private readonly done: (seconds: number) => void,
  ) {}

  get isRunning(): boolean {
    return this.sinceMs !== undefined;
  }

  start(): void {
    this.sinceMs = this.clock.monotonicMs();
  }

  /** The first time counts. */
  stop(): void {
    if (this.sinceMs === undefined) return;
    this.done((this.clock.monotonicMs() - this.sinceMs) / 1000);
    this.sinceMs = undefined;
  }
}
