// Faults, each when its time has come: after so many messages.

import type { Cast } from './cast/cast.js';
import type { Fault, FaultKind } from './faults.js';
import { isIdle } from './store/idle.js';
import type { Message } from './store/message.js';
import type { Network } from './store/network.js';
import type { Actor } from './time/actor.js';

export interface StrikesParts {
  readonly network: Network;
  readonly cast: Cast;
  readonly random: () => number;
  /** Told of each. */
  readonly struck: (fault: Fault, whom: string) => void;
}

const DEADLY: ReadonlySet<FaultKind> = new Set<FaultKind>(['kill', 'shutdown']);

export class Strikes {
  #waiting: Fault[];
  #passed = 0;

  constructor(
    faults: readonly Fault[],
    private readonly parts: StrikesParts,
  ) {
    this.#waiting = [...faults];
  }

  passes(message: Message): void {
    const [next] = this.#waiting;
    if (!next || isIdle(message)) return;
    this.#passed += 1;
    if (this.#passed < next.afterMessages || !this.#canStrike(next, message)) return;
    this.#waiting.shift();
    this.#passed = 0;
    this.#strike(next, message);
  }

  #canStrike({ kind }: Fault, { actor, connection }: Message): boolean {
    if (kind === 'cut') return connection !== undefined;
    return !DEADLY.has(kind) || this.parts.cast.isReplaceable(actor);
  }

  #strike(fault: Fault, { actor, connection }: Message): void {
    const { cast, network } = this.parts;
    const { server } = network;
    const { kind, ms } = fault;
    this.parts.struck(fault, kind.startsWith('store') ? 'store' : actor.name);
    switch (kind) {
      case 'kill':
        cast.kill(actor, ms);
        return;
      case 'shutdown':
        cast.shutDown(actor, ms);
        return;
      case 'freeze':
        this.#freeze(actor, ms);
        return;
      case 'cut':
        connection?.break(ms);
        return;
      case 'guess':
        cast.guess(actor);
        return;
      case 'clock':
        actor.wallAheadMs += this.#jump(ms);
        return;
      case 'store-restart':
        network.restartStore(ms);
        return;
      case 'store-freeze':
        server.freeze(ms);
        return;
      case 'store-clock':
        server.wallAheadMs += ms;
    }
  }

  #freeze(actor: Actor, ms: number): void {
    actor.freeze();
    this.parts.network.schedule.after(ms, () => {
      actor.thaw();
    });
  }

  /** Forth or back. */
  #jump(ms: number): number {
    return this.parts.random() < 0.5 ? ms : -ms;
  }
}
