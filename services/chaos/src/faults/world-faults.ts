import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '@lockstep/testing';
import { WORLD_FAULTS, type WorldFault } from './kinds.js';
import type { Tally } from './tally.js';

type Counts = Readonly<Partial<Record<WorldFault, number>>>;

const LOOK_EVERY_MS = 500;
/** It may have been killed last. */
const UP_WITHIN_MS = 60_000;

/** Counts what the outside world does to calls. It forgets its own counts when it is killed. */
export class WorldFaults {
  #last: Counts = {};

  constructor(
    private readonly shopUrl: string,
    private readonly tally: Tally,
  ) {}

  /** Looks until it is aborted; what struck right before the world was killed may not be counted. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look().catch(() => undefined); // it is down
      await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async look(): Promise<void> {
    const answer = await fetch(new URL('/faults', this.shopUrl), {
      signal: AbortSignal.timeout(LOOK_EVERY_MS),
    });
    const { counts } = (await answer.json()) as { readonly counts: Counts };
    for (const fault of Object.keys(WORLD_FAULTS) as WorldFault[]) {
      const [now, before] = [counts[fault] ?? 0, this.#last[fault] ?? 0];
      this.tally.add(WORLD_FAULTS[fault], true, now >= before ? now - before : now);
    }
    this.#last = counts;
  }

  /** From now on it fails no more. */
  async end(): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ rate: 0, seed: 'none' });
    const end = () => fetch(new URL('/faults', this.shopUrl), { method: 'PUT', headers, body });
    await eventually(end, { what: 'the world fails no more', timeoutMs: UP_WITHIN_MS });
  }
}
