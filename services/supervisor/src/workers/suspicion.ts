// Which workers seem dead, by their connections.
//
//   U1. A worker is suspected when two looks in a row found no connection of its name. One look may fall into a
//       reconnection.
//   U2. Until the supervisor's own connection has been up for a while, nobody is suspected who was not seen since it
//       came up: after the server was away, workers come back at different times. Whoever is back can be missed at
//       once, and so can everybody whom a supervisor sees after its start.
//   U3. Only a worker whose connections were seen can be missed. Where names do not come through, behind a proxy,
//       nobody is suspected, and the lease is the only rule.

/** After its own connection came up, a supervisor waits so long for others to come back, unit ms. */
const SETTLED_MS = 3000;

export interface Suspect {
  readonly worker: string;
  /** When a look found everybody for the last time, on the clock of the looks. */
  readonly seenAtMs: number;
}

export class Suspicion {
  private seen = new Set<string>();
  /** Those of them who were seen since the supervisor's own connection came up. */
  private back = new Set<string>();
  /** Whom the last look missed, and when they had been seen. */
  private missed = new Map<string, number>();
  private lookedAtMs = 0;
  private connectedAtMs = Infinity;
  private doubts = false;

  /** How many workers could be missed. */
  get watched(): number {
    return this.seen.size;
  }

  /** Whether the last look missed somebody whom the one before had found: the next decides. */
  get isInDoubt(): boolean {
    return this.doubts;
  }

  /** The supervisor's own connection was lost, or made. */
  connected(isUp: boolean, nowMs: number): void {
    this.connectedAtMs = isUp ? nowMs : Infinity;
    this.back.clear();
    this.missed.clear();
    this.doubts = false;
  }

  /** One look which found that nobody's connections are gone. */
  foundAll(nowMs: number): void {
    this.lookedAtMs = nowMs;
  }

  /** One look: who is registered, and who has a connection. Answers whom both looks missed. */
  look(registered: ReadonlySet<string>, connected: ReadonlySet<string>, nowMs: number): Suspect[] {
    const seenAtMs = this.lookedAtMs;
    this.lookedAtMs = nowMs;
    const seenAmong = (seen: ReadonlySet<string>): Set<string> =>
      new Set([...registered].filter((worker) => connected.has(worker) || seen.has(worker)));
    this.seen = seenAmong(this.seen); // U3
    this.back = seenAmong(this.back);
    const awaited = nowMs - this.connectedAtMs < SETTLED_MS ? this.back : this.seen; // U2
    const before = this.missed;
    const missing = [...awaited].filter((worker) => !connected.has(worker));
    this.missed = new Map(missing.map((worker) => [worker, before.get(worker) ?? seenAtMs]));
    const suspects = [...this.missed].filter(([worker]) => before.has(worker)); // U1
    this.doubts = suspects.length < missing.length;
    return suspects.map(([worker, at]) => ({ worker, seenAtMs: at }));
  }
}
