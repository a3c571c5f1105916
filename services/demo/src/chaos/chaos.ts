import { setTimeout as wait } from 'node:timers/promises';
import type { Diary } from '@lockstep/testing';
import type { JobCounts } from '../feed/feeder.js';
import type { Pacing } from '../feed/pacing.js';
import type { HeldWork } from './held-work.js';
import type { Marksman, Target } from './marksman.js';
import { type Aim, type ChaosPlan, jobsAdmitted, type Kill } from './plan.js';
import type { Recoveries } from './recoveries.js';

const LOOK_AGAIN_MS = 10;

/** Kills processes as planned, and holds the jobs back so that no kill comes too late to matter. */
export class Chaos {
  readonly #struck = new Map<Kill, Aim>();

  constructor(
    private readonly plan: ChaosPlan,
    private readonly marksman: Marksman,
    private readonly work: HeldWork,
    private readonly recoveries: Recoveries,
    private readonly diary: Diary,
    /** Jobs that may start before the kill that is due has struck. */
    private readonly slack: number,
  ) {}

  /** What each kill that has been done caught its victim at. */
  get done(): readonly Aim[] {
    return [...this.#struck.values()];
  }

  /**
   * Strikes every kill of the plan, or until it is aborted: those of one service one after the other, those of
   * different services at the same time.
   *
   * @param idle - aborted when all jobs have ended: there is nothing left to interrupt
   */
  async run(
    pacing: Pacing,
    counts: JobCounts,
    idle: AbortSignal,
    signal: AbortSignal,
  ): Promise<void> {
    this.#admit(pacing);
    const services = Map.groupBy(this.plan.kills, ({ service }) => service);
    const runs = [...services.values()].map(async (kills) => {
      for (const kill of kills) {
        while (counts.started < kill.afterJobs) await wait(LOOK_AGAIN_MS, undefined, { signal });
        await this.#strike(kill, idle, signal);
        this.#admit(pacing);
      }
    });
    await Promise.all(runs).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  #admit(pacing: Pacing): void {
    pacing.raise(jobsAdmitted(this.plan, this.#struck, this.slack));
  }

  async #strike(kill: Kill, idle: AbortSignal, signal: AbortSignal): Promise<void> {
    const target = await this.marksman.target(kill, idle, signal);
    const killedAtMs = Date.now();
    target.process.kill();
    this.#struck.set(kill, target.aim);
    const tasks = await this.#interrupted(target);
    const { name } = target.process.spec;
    const id = this.plan.kills.indexOf(kill);
    this.diary.note('killed', { kill: id, name, wanted: kill.aim, aim: target.aim, tasks });
    this.recoveries.watch(id, killedAtMs, tasks);
  }

  /** What the victim held when it died: the store still says so. */
  async #interrupted({ process, pid }: Target) {
    return this.work.interrupted(await this.work.of(process.spec.service, pid));
  }
}
