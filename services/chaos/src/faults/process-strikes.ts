import { setTimeout as pause } from 'node:timers/promises';
import { type Fleet, type ManagedProcess, pick, shuffled } from '@lockstep/testing';
import { ROLES } from '../programs/program.js';
import { drawnMs, type HeldTask, NOW, type Strike, type Striker } from './strike.js';

/** Beyond the lease of an agent, at most. */
const FREEZE_MS = { least: 300, most: 9000 } as const;

/** Part of the strikes at agents that may hit the last one of a role. */
const LAST_SHARE = 0.15;

/** For so long an agent at work is looked for. */
const LOOKS = 40;
const LOOK_AGAIN_MS = 50;

/** Strikes at processes. */
export class ProcessStrikes {
  #release = 1;

  constructor(
    private readonly fleet: Fleet,
    private readonly held: () => Promise<Held>,
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

  /** Its wall clock is set forth or back; one that has just begun does not hear of it yet. */
  readonly jumpClock: Striker = async (random) => {
    const victim = await this.#victim(ROLES, random);
    if (!victim || victim.held.length === 0) return undefined;
    victim.process.signal('SIGUSR2');
    return strikeAt(victim, NOW);
  };

  /** All processes of a role are replaced by those of the next release: code that has changed does not mix. */
  readonly replaceRole: Striker = async (random) => {
    const role = pick(ROLES, random);
    const replicas = this.fleet.replicasOf(role);
    if (!replicas.every(runs)) return undefined;
    const held = await this.held();
    this.#release += 1;
    const tasks = replicas.flatMap((each) => tasksOf(each, held));
    for (const each of replicas) each.replace({ LOCKSTEP_PROGRAM_RELEASE: String(this.#release) });
    return { target: role, held: tasks, over: NOW };
  };

  /**
   * One that runs; rather one that is at work. Of an agent's role another goes on, but for a few times: where nobody
   * lives long enough to do anything, nothing can be done.
   */
  async #victim(services: readonly string[], random: () => number): Promise<Victim | undefined> {
    const replicas = services.flatMap((service) => this.fleet.replicasOf(service));
    const candidates = shuffled(replicas, random);
    const mayBeLast = random() < LAST_SHARE;
    for (let looks = 1; ; looks += 1) {
      const held = await this.held();
      const victims = candidates
        .filter((each) => runs(each) && (mayBeLast || !this.#isLast(each, held)))
        .map((each) => ({ process: each, held: tasksOf(each, held) }));
      const atWork = victims.find((each) => each.held.length > 0);
      if (atWork || looks === LOOKS || !candidates.some(isAgent)) return atWork ?? victims[0];
      await pause(LOOK_AGAIN_MS);
    }
  }

  /** Whether no other agent of its role takes work now. */
  #isLast(agent: ManagedProcess, held: Held): boolean {
    if (!isAgent(agent)) return false;
    const { service } = agent.spec;
    const others = this.fleet.replicasOf(service).filter((each) => each !== agent);
    return !others.some((each) => runs(each) && held.has(workerOf(each)));
  }
}

interface Victim {
  readonly process: ManagedProcess;
  readonly held: readonly HeldTask[];
}

/** What each agent's process holds that takes work. */
type Held = ReadonlyMap<string, readonly HeldTask[]>;

const isAgent = ({ spec }: ManagedProcess): boolean =>
  (ROLES as readonly string[]).includes(spec.service);

const runs = ({ pid, isFrozen }: ManagedProcess): boolean => pid !== undefined && !isFrozen;

/** As the store knows it. */
const workerOf = ({ spec, pid }: ManagedProcess): string => `${spec.service}-${pid}`;

const tasksOf = (process: ManagedProcess, held: Held): readonly HeldTask[] =>
  held.get(workerOf(process)) ?? [];

const strikeAt = ({ process, held }: Victim, over: Promise<unknown>): Strike => ({
  target: process.spec.name,
  ...{ held, over },
});
