// Everybody who takes part in a simulation, and who comes after whoever dies.

import { setTimeout as pause } from 'node:timers/promises';
import type { AgentConfig } from '@lockstep/runtime';
import type { CallOff } from '../../programs/call-off.js';
import { Effects } from '../../programs/outside.js';
import { type Program, type RoleName, ROLES } from '../../programs/program.js';
import type { Network } from '../store/network.js';
import { Actor } from '../time/actor.js';
import { SimulatedClient } from './client.js';
import { SimulatedSupervisor } from './supervisor.js';
import { SimulatedWorker } from './worker.js';
import { ATTEMPT_MS, type SimulatedWorld } from './world.js';

/** As in production, but for times that are shorter: virtual time costs calls. */
const SETTINGS: Partial<AgentConfig> = { leaseMs: 3000, heartbeatMs: 1000, concurrency: 4 };
const TIMES = {
  timeout: `${ATTEMPT_MS}ms`,
  window: '500ms',
  retry: { attempts: 20, baseMs: 50, capMs: 400 },
} as const;

export interface CastParts {
  readonly network: Network;
  readonly world: SimulatedWorld;
  readonly random: () => number;
}

export class Cast {
  readonly #workers = new Map<Actor, SimulatedWorker>();
  readonly #supervisors = new Map<Actor, SimulatedSupervisor>();
  readonly #clients = new Set<Actor>();
  #actors = 0;

  constructor(private readonly parts: CastParts) {}

  /** One or two of each, at random. */
  enter(): void {
    const count = (): number => 1 + Math.floor(this.parts.random() * 2);
    for (const role of ROLES) for (let n = count(); n > 0; n -= 1) this.#work(role);
    for (let n = count(); n > 0; n -= 1) this.#supervise();
  }

  /** @param callOff - how it is called off at some time; undefined: not at all */
  begin(name: string, program: Program, callOff: CallOff | undefined): SimulatedClient {
    const actor = this.#actor('client');
    this.#clients.add(actor);
    const client = new SimulatedClient(actor, this.parts.network, { name, program, callOff });
    client.start();
    return client;
  }

  /** Whether somebody could take this one's place. */
  isReplaceable(actor: Actor): boolean {
    return !this.#clients.has(actor);
  }

  /** Dies at once; another one comes after a while. */
  kill(actor: Actor, afterMs: number): void {
    actor.kill();
    this.parts.network.disconnect(actor);
    this.#replace(actor, afterMs);
  }

  /** A worker ends in good order, and another one comes; others are killed. */
  shutDown(actor: Actor, afterMs: number): void {
    const worker = this.#workers.get(actor);
    if (!worker) {
      this.kill(actor, afterMs);
      return;
    }
    worker.stop(() => {
      this.kill(actor, afterMs);
    });
  }

  /** A supervisor takes a worker for dead; false when this is none, or nobody looks. */
  guess(actor: Actor): boolean {
    const worker = this.#workers.get(actor);
    const [supervisor] = this.#supervisors.values();
    if (!worker || !supervisor) return false;
    supervisor.guess(worker.id);
    return true;
  }

  #replace(actor: Actor, afterMs: number): void {
    const worker = this.#workers.get(actor);
    if (worker && this.#workers.delete(actor)) this.#later(afterMs, () => this.#work(worker.role));
    if (this.#supervisors.delete(actor)) this.#later(afterMs, () => this.#supervise());
  }

  #later(ms: number, enter: () => void): void {
    this.parts.network.schedule.after(ms, enter);
  }

  #work(role: RoleName): void {
    const actor = this.#actor(role);
    const effects = new Effects(this.parts.world.of(actor), TIMES);
    const work = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal });
    const means = { effects, release: 1, work };
    const worker = new SimulatedWorker(role, actor, this.parts.network, means);
    this.#workers.set(actor, worker);
    worker.start(SETTINGS);
  }

  #supervise(): void {
    const actor = this.#actor('supervisor');
    const supervisor = new SimulatedSupervisor(actor, this.parts.network);
    this.#supervisors.set(actor, supervisor);
    supervisor.start();
  }

  #actor(name: string): Actor {
    this.#actors += 1;
    const { random, network } = this.parts;
    const seed = Math.floor(random() * 2 ** 32);
    return new Actor(`${name}-${this.#actors}`, this.#actors, network.schedule, seed);
  }
}
