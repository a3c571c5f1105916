import { setTimeout as pause } from 'node:timers/promises';
import { pick, type Proxy } from '@lockstep/testing';
import { drawnMs, type Striker } from './strike.js';

const CUT_MS = { least: 20, most: 2000 } as const;
const DELAY_MS = { least: 50, most: 1500 } as const;
const HALF_OPEN_MS = { least: 1000, most: 8000 } as const;
const REPLIES_MS = { least: 20, most: 500 } as const;

/** Strikes at the ways on which services reach Redis, each once at a time. */
export class NetworkStrikes {
  readonly #struck = new Set<string>();

  constructor(private readonly ways: ReadonlyMap<string, Proxy>) {}

  /** All connections break, and none can be made for a while. */
  readonly cut: Striker = (random) =>
    this.#on(random, async (way) => {
      way.cut();
      await pause(drawnMs(random, CUT_MS.least, CUT_MS.most));
      way.mend();
    });

  /** Nothing passes for a while; then all of it does. */
  readonly delay: Striker = (random) =>
    this.#on(random, async (way) => {
      way.hold();
      await pause(drawnMs(random, DELAY_MS.least, DELAY_MS.most));
      way.letGo();
    });

  /** Nothing passes, and nobody is told; then the connections are gone, with all that was on its way. */
  readonly halfOpen: Striker = (random) =>
    this.#on(random, async (way) => {
      way.hold();
      await pause(drawnMs(random, HALF_OPEN_MS.least, HALF_OPEN_MS.most));
      breakAll(way);
    });

  /** Requests arrive and are carried out; no answer comes back. */
  readonly loseReplies: Striker = (random) =>
    this.#on(random, async (way) => {
      way.hold('answers');
      await pause(drawnMs(random, REPLIES_MS.least, REPLIES_MS.most));
      breakAll(way);
    });

  #on(random: () => number, strike: (way: Proxy) => Promise<void>): ReturnType<Striker> {
    const [service, way] = pick([...this.ways], random);
    if (this.#struck.has(service)) return Promise.resolve(undefined);
    this.#struck.add(service);
    const over = strike(way).finally(() => this.#struck.delete(service));
    return Promise.resolve({ target: service, held: [], over });
  }
}

/** What was held is lost with its connections. */
function breakAll(way: Proxy): void {
  way.cut();
  way.letGo();
  way.mend();
}
