import { setTimeout as wait } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';

/** How far a run has come. */
export interface Snapshot {
  readonly jobs: number;
  readonly ended: number;
  readonly events: number;
  readonly kills: number;
  readonly recoveries: number;
}

const TTY_EVERY_MS = 250;
const PLAIN_EVERY_MS = 3_000;

/** Shows how far a run has come: in one line that changes at a terminal, else in a line now and then. */
export class Progress {
  #last = { events: 0, atMs: performance.now() };
  readonly #line = createLogUpdate(process.stdout);

  constructor(private readonly snapshot: () => Snapshot) {}

  async follow(signal: AbortSignal): Promise<void> {
    const { isTTY } = process.stdout;
    while (!signal.aborted) {
      await wait(isTTY ? TTY_EVERY_MS : PLAIN_EVERY_MS, undefined, { signal }).catch(
        () => undefined,
      );
      if (isTTY) this.#line(this.#text());
      else console.log(this.#text());
    }
    if (isTTY) this.#line.done();
  }

  #text(): string {
    const now = this.snapshot();
    const atMs = performance.now();
    const rate = ((now.events - this.#last.events) * 1_000) / (atMs - this.#last.atMs);
    this.#last = { events: now.events, atMs };
    return progressLine(now, rate);
  }
}

export function progressLine(snapshot: Snapshot, eventsPerSecond: number): string {
  const { jobs, ended, kills, recoveries } = snapshot;
  return [
    `jobs ${ended}/${jobs}`,
    `${Math.round(eventsPerSecond)} events/s`,
    `kills ${kills}`,
    `recoveries ${recoveries}`,
  ].join(' · ');
}
