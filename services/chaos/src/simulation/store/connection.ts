// A connection of a process to the store, as its client keeps one.
//
//   C1. Commands of one connection come to the store in their order, and so do their replies.
//   C2. Where a connection breaks, the first of what was on its way still comes, perhaps much later, and the rest never;
//       no reply does.
//   C3. What has no answer is sent again, in its order, on the next connection: every call may be repeated (S12).

import type { Redis } from 'ioredis';
import type { Actor } from '../time/actor.js';
import type { Schedule } from '../time/schedule.js';
import type { Answer, Line, Request } from './command.js';
import type { Message } from './message.js';
import type { StoreServer } from './server.js';

/** What a connection goes over, and where to. */
export interface Between {
  readonly schedule: Schedule;
  readonly server: StoreServer;
  readonly random: () => number;
  latencyMs(): number;
  passes(message: Message): void;
}

/** What lies between two breaks of a connection. */
class Wire implements Line {
  /** Whether replies still come through. */
  isOpen = true;
  /** Whether requests still do. */
  #survives = Infinity;
  #lagMs = 0;
  #sent = 0;
  #arrived = 0;
  #lastArrivalMs = 0;
  #lastReplyMs = 0;
  readonly queue: Request[] = [];

  constructor(
    readonly connection: Connection,
    private readonly network: Between,
  ) {}

  send(request: Request): void {
    const number = this.#sent;
    this.#sent += 1;
    const arrive = (): void | Promise<void> => this.#arrive(request, number);
    const { schedule } = this.network;
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, schedule.nowMs + this.network.latencyMs());
    schedule.after(this.#lastArrivalMs - schedule.nowMs, arrive);
  }

  /** How many requests are on their way. */
  get underWay(): number {
    return this.#sent - this.#arrived;
  }

  /** @param survivors - how many of the requests that are on their way still come */
  break(survivors: number, lagMs: number): void {
    this.isOpen = false;
    this.#survives = this.#arrived + survivors;
    this.#lagMs = lagMs;
  }

  /** C1 */
  answer(request: Request, { reply, deliver }: Answer): void {
    if (!this.isOpen) return;
    const { schedule } = this.network;
    this.#lastReplyMs = Math.max(this.#lastReplyMs, schedule.nowMs + this.network.latencyMs());
    schedule.after(this.#lastReplyMs - schedule.nowMs, () => {
      if (this.isOpen) this.connection.answered(this, request, { reply, deliver });
    });
  }

  #arrive(request: Request, number: number): void | Promise<void> {
    if (number >= this.#survives) return;
    this.#arrived += 1;
    if (this.isOpen || this.#lagMs === 0) return this.network.server.receive(this, request);
    this.network.schedule.after(this.#lagMs, () => this.network.server.receive(this, request)); // C2
  }
}

export class Connection {
  readonly #unanswered = new Set<Request>();
  #line: Wire | undefined;

  constructor(
    readonly actor: Actor,
    private readonly network: Between,
  ) {
    this.#reconnect();
  }

  /** As the store's client has it. */
  get client(): Redis {
    const send = (_: object, command: string): unknown => {
      if (command === 'then') return undefined;
      return (...args: unknown[]) => this.#send(command, args);
    };
    return new Proxy({}, { get: send }) as Redis;
  }

  answered(line: Wire, request: Request, { reply, deliver }: Answer): void {
    this.#passes('store', request, reply);
    if (!line.isOpen || !this.#unanswered.delete(request)) return;
    this.actor.receive(deliver);
  }

  /** Breaks, and is made again after a while (C2, C3). */
  break(downMs: number): void {
    const { random } = this.network;
    const survivors = Math.round(random() * (this.#line?.underWay ?? 0));
    this.#close(survivors, random() < 0.5 ? 0 : Math.round(random() * MOST_LAG_MS));
    this.network.schedule.after(downMs, () => {
      this.#reconnect();
    });
  }

  /** The store is gone: nothing that is on its way arrives. */
  lose(): void {
    this.#close(0, 0);
    this.#reconnect();
  }

  /** Its process is dead: what it has sent still comes. */
  abandon(): void {
    this.#close(Infinity, 0);
  }

  #close(survivors: number, lagMs: number): void {
    const line = this.#line;
    this.#line = undefined;
    if (!line) return;
    line.break(survivors, lagMs);
    this.network.server.leave(line, lagMs);
  }

  #reconnect(): void {
    if (this.actor.isDead || this.#line) return;
    if (this.network.server.isDown) {
      this.network.schedule.after(RETRY_MS, () => {
        this.#reconnect();
      });
      return;
    }
    this.#line = new Wire(this, this.network);
    for (const request of this.#unanswered) this.#line.send(request);
  }

  #passes(from: 'actor' | 'store', { name, args }: Request, reply?: unknown): void {
    const { actor, network } = this;
    network.passes({ from, actor, connection: this, call: { name, args }, reply });
  }

  #send(name: string, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.actor.isDead) return;
      const request = { name, args: args.flat() as readonly (string | number)[], resolve, reject };
      this.#unanswered.add(request);
      this.#passes('actor', request);
      this.#line?.send(request);
    });
  }
}

/** How late a request of a broken connection may come, unit ms. */
const MOST_LAG_MS = 4000;
const RETRY_MS = 50;
