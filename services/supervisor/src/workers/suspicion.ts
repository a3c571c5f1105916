// Which workers seem dead, by their connections.
//
//   U1. A worker is suspected when two looks in a row found no connection of its name. One look may fall into a
//       reconnection.
//   U2. Nobody is suspected until the supervisor's own connection has been up for a while: after the server
//       was away, workers come back at different times.

/** Own connection must be up for this long, unit ms. */
const SETTLED_MS = 3000;

export class Suspicion {
  private missed = new Set<string>();
  private connectedAtMs = Infinity;

  /** The supervisor's own connection was lost, or made. */
  connected(isUp: boolean, nowMs: number): void {
    this.connectedAtMs = isUp ? nowMs : Infinity;
    this.missed.clear();
  }

  /** One look: who is registered, and who has a connection. Answers whom both looks missed. */
  look(registered: Iterable<string>, connected: ReadonlySet<string>, nowMs: number): string[] {
    if (nowMs - this.connectedAtMs < SETTLED_MS) return []; // U2
    const missing = [...registered].filter((worker) => !connected.has(worker));
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
