// Which workers seem dead, by their connections.
//
//   U1. A worker is suspected when two looks in a row found no connection of its name. One look may fall into a
//       reconnection.
//   U2. Nobody is suspected until the supervisor's own connection has been up for a while: after the server was
//       away, workers come back at different times.
//   U3. Only a worker whose connections were seen can be missed. Where names do not come through, behind a proxy,
//       nobody is suspected, and the lease is the only rule.

/** Own connection must be up for this long, unit ms. */
const SETTLED_MS = 3000;

export interface Suspect {
  readonly worker: string;
  /** When a look found everybody for the last time, on the clock of the looks. */
  readonly seenAtMs: number;
}

export class Suspicion {
  private seen = new Set<string>();
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
    const isSeen = (worker: string): boolean => connected.has(worker) || this.seen.has(worker);
    this.seen = new Set([...registered].filter(isSeen)); // U3
    if (nowMs - this.connectedAtMs < SETTLED_MS) return []; // U2
    const before = this.missed;
    const missing = [...this.seen].filter((worker) => !connected.has(worker));
    this.missed = new Map(missing.map((worker) => [worker, before.get(worker) ?? seenAtMs]));
    const suspects = [...this.missed].filter(([worker]) => before.has(worker)); // U1
    this.doubts = suspects.length < missing.length;
    return suspects.map(([worker, at]) => ({ worker, seenAtMs: at }));
  }
}
