import type { Actor } from '../time/actor.js';
import type { Schedule } from '../time/schedule.js';
import { type Between, Connection } from './connection.js';
import type { Message } from './message.js';
import type { StoreServer } from './server.js';

/** How long messages take, unit ms: most of them as long as `usual`, some up to `most`. */
export interface Pace {
  readonly usualMs: number;
  readonly mostMs: number;
  readonly slowShare: number;
}

export interface NetworkParts {
  readonly schedule: Schedule;
  readonly server: StoreServer;
  readonly random: () => number;
  readonly pace: Pace;
  /** Called with every message before it goes on its way, or arrives. */
  readonly passes: (message: Message) => void;
}

/** Everything between processes, the store and the outside world. */
export class Network implements Between {
  readonly #connections = new Set<Connection>();

  constructor(private readonly parts: NetworkParts) {}

  get schedule(): Schedule {
    return this.parts.schedule;
  }

  get server(): StoreServer {
    return this.parts.server;
  }

  get random(): () => number {
    return this.parts.random;
  }

  connect(actor: Actor): Connection {
    const connection = new Connection(actor, this);
    this.#connections.add(connection);
    return connection;
  }

  /** Its process is dead. */
  disconnect(actor: Actor): void {
    for (const connection of this.#connections) {
      if (connection.actor !== actor) continue;
      connection.abandon();
      this.#connections.delete(connection);
    }
  }

  /** The store ends at once, and starts again with what it had. */
  restartStore(downMs: number): void {
    const { server, schedule } = this.parts;
    server.stop();
    for (const connection of this.#connections) connection.lose();
    schedule.after(downMs, () => {
      server.start();
    });
  }

  latencyMs(): number {
    const { random, pace } = this.parts;
    const mostMs = random() < pace.slowShare ? pace.mostMs : pace.usualMs;
    return random() * mostMs;
  }

  passes(message: Message): void {
    this.parts.passes(message);
  }
}
