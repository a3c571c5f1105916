import { setTimeout as wait } from 'node:timers/promises';
import type { JobCounts } from '../feed/feeder.js';
import type { Pacing } from '../feed/pacing.js';
import type { Diary } from '../run/diary.js';
import type { HeldWork } from './held-work.js';
import type { Marksman, Target } from './marksman.js';
import { type Aim, type ChaosPlan, jobsAdmitted, type Kill } from './plan.js';
import type { Recoveries } from './recoveries.js';

const LOOK_AGAIN_MS = 10;

/** Kills processes as planned, and holds the jobs back so that no kill comes too late to matter. */
export class Chaos {
  /** What each kill that has been done caught its victim at. */
  readonly done: Aim[] = [];

  constructor(
    private readonly plan: ChaosPlan,
    private readonly marksman: Marksman,
    private readonly work: HeldWork,
    private readonly recoveries: Recoveries,
    private readonly diary: Diary,
    /** Jobs that may start before the kill that is due has struck. */
    private readonly slack: number,
  ) {}

  /** Strikes every kill of the plan, one after the other, or until it is aborted. */
  async run(pacing: Pacing, counts: JobCounts, signal: AbortSignal): Promise<void> {
    try {
      pacing.raise(jobsAdmitted(this.plan, 0, this.slack));
      for (const [at, kill] of this.plan.kills.entries()) {
        while (counts.started < kill.afterJobs) await wait(LOOK_AGAIN_MS, undefined, { signal });
        await this.#strike(at, kill, signal);
        pacing.raise(jobsAdmitted(this.plan, at + 1, this.slack));
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #strike(at: number, kill: Kill, signal: AbortSignal): Promise<void> {
    const target = await this.marksman.target(kill, signal);
    const killedAtMs = Date.now();
    target.process.kill();
    this.done.push(target.aim);
    const tasks = await this.#interrupted(target);
    const { name } = target.process.spec;
    this.diary.note('killed', { kill: at, name, wanted: kill.aim, aim: target.aim, tasks });
    this.recoveries.watch(at, killedAtMs, tasks);
  }

  /** What the victim held when it died: the store still says so. */
  async #interrupted({ process, pid }: Target) {
    return this.work.interrupted(await this.work.of(process.spec.service, pid));
  }
}
