import { setTimeout as pause } from 'node:timers/promises';
import { type Fleet, type ManagedProcess, pick, shuffled } from '@lockstep/testing';
import { ROLES } from '../programs/program.js';
import { drawnMs, type HeldTask, NOW, type Strike, type Striker } from './strike.js';

/** Beyond the lease of an agent, at most. */
const FREEZE_MS = { least: 300, most: 9000 } as const;

/** Strikes at processes. */
export class ProcessStrikes {
  #release = 1;

  constructor(
    private readonly fleet: Fleet,
    private readonly held: () => Promise<ReadonlyMap<string, readonly HeldTask[]>>,
  ) {}

  readonly kill =
    (...services: readonly string[]): Striker =>
    async (random) => {
      const victim = await this.#victim(services, random);
      victim?.process.kill();
      return victim && strikeAt(victim, NOW);
    };

  /** @param mostMs - default some seconds more than a lease */
  readonly freeze =
    (services: readonly string[], mostMs: number = FREEZE_MS.most): Striker =>
    async (random) => {
      const victim = await this.#victim(services, random);
      if (!victim) return undefined;
      victim.process.freeze();
      const forMs = drawnMs(random, FREEZE_MS.least, mostMs);
      const over = pause(forMs).then(() => victim.process.thaw());
      return strikeAt(victim, over);
    };

  /** Its wall clock is set forth or back. */
  readonly jumpClock: Striker = async (random) => {
    const victim = await this.#victim(ROLES, random);
    victim?.process.signal('SIGUSR2');
    return victim && strikeAt(victim, NOW);
  };

  /** All processes of a role are replaced by those of the next release: code that has changed does not mix. */
  readonly replaceRole: Striker = async (random) => {
    const role = pick(ROLES, random);
    const replicas = this.fleet.replicasOf(role);
    if (replicas.some(({ pid, isFrozen }) => pid === undefined || isFrozen)) return undefined;
    const held = await this.held();
    this.#release += 1;
    const tasks = replicas.flatMap((each) => tasksOf(each, held));
    for (const each of replicas) each.replace({ LOCKSTEP_PROGRAM_RELEASE: String(this.#release) });
    return { target: role, held: tasks, over: NOW };
  };

  /** One that runs; rather one that is at work. */
  async #victim(services: readonly string[], random: () => number): Promise<Victim | undefined> {
    const held = await this.held();
    const running = services
      .flatMap((service) => this.fleet.replicasOf(service))
      .filter(({ pid, isFrozen }) => pid !== undefined && !isFrozen);
    const victims = shuffled(running, random).map((each) => ({
      process: each,
      held: tasksOf(each, held),
    }));
    return victims.find((each) => each.held.length > 0) ?? victims[0];
  }
}

interface Victim {
  readonly process: ManagedProcess;
  readonly held: readonly HeldTask[];
}

const tasksOf = (
  { spec, pid }: ManagedProcess,
  held: ReadonlyMap<string, readonly HeldTask[]>,
): readonly HeldTask[] => held.get(`${spec.service}-${pid}`) ?? [];

const strikeAt = ({ process, held }: Victim, over: Promise<unknown>): Strike => ({
  target: process.spec.name,
  ...{ held, over },
});
