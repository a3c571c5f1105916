import { Partitions, Store } from '@lockstep/store';
import {
  firing,
  Patrol,
  reaping,
  type Round,
  type SupervisorMetrics,
} from '@lockstep/supervisor-service/duties';
import type { Network } from '../store/network.js';
import type { Actor } from '../time/actor.js';

const nothing = (): void => undefined;
const uncounted: SupervisorMetrics = {
  reaped: nothing,
  fired: nothing,
  trimmed: nothing,
  forgotten: nothing,
  retired: nothing,
  archived: nothing,
  guessed: nothing,
  recovered: nothing,
  redriven: nothing,
  failed: nothing,
};

/** Tasks that one call may take back. */
const BATCH = 100;

/** A supervisor's own rounds, in a process of the simulation. */
export class SimulatedSupervisor {
  readonly #store: Store;

  constructor(
    readonly actor: Actor,
    network: Network,
  ) {
    this.#store = new Store(network.connect(actor).client, new Partitions(1));
  }

  start(): void {
    this.#patrol(reaping(this.#store, uncounted));
    this.#patrol(firing(this.#store, new Set(), uncounted));
  }

  /** Takes a worker for dead, rightly or not. */
  guess(worker: string): void {
    this.actor.receive(() => {
      this.actor.run(() => {
        this.#store.reap(0, BATCH, [worker]).catch(nothing);
      });
    });
  }

  #patrol(round: Round): void {
    this.actor.run(() => {
      new Patrol(1, round, { turned: nothing, failed: nothing }).start();
    });
  }
}
