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

export class Suspicion {
  private seen = new Set<string>();
  private missed = new Set<string>();
  private connectedAtMs = Infinity;

  /** How many workers could be missed. */
  get watched(): number {
    return this.seen.size;
  }

  /** The supervisor's own connection was lost, or made. */
  connected(isUp: boolean, nowMs: number): void {
    this.connectedAtMs = isUp ? nowMs : Infinity;
    this.missed.clear();
  }

  /** One look: who is registered, and who has a connection. Answers whom both looks missed. */
  look(registered: ReadonlySet<string>, connected: ReadonlySet<string>, nowMs: number): string[] {
    const isSeen = (worker: string): boolean => connected.has(worker) || this.seen.has(worker);
    this.seen = new Set([...registered].filter(isSeen)); // U3
    if (nowMs - this.connectedAtMs < SETTLED_MS) return []; // U2
    const missing = [...this.seen].filter((worker) => !connected.has(worker));
    const suspected = missing.filter((worker) => this.missed.has(worker)); // U1
    this.missed = new Set(missing);
    return suspected;
  }
}

/** Names of workers that have a connection, from the server's CLIENT LIST. */
export function connectedWorkers(clientList: string): Set<string> {
  const names = clientList.matchAll(/ name=ls:(\S+)/g);
  return new Set([...names].map(([, worker]) => worker ?? ''));
}
