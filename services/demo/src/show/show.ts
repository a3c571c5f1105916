import { eventually, type Fleet, randomFrom } from '@lockstep/testing';
import { type Assignment, jobsOf } from '../assignment/assignment.js';
import { Chaos } from '../chaos/chaos.js';
import { EFFECT_TARGETS, Marksman } from '../chaos/marksman.js';
import { OpenEffects } from '../chaos/open-effects.js';
import { type ChaosPlan, type Victims } from '../chaos/plan.js';
import { feed, type JobCounts } from '../feed/feeder.js';
import { GatewayClient, type JobEnd } from '../feed/gateway-client.js';
import { Pacing } from '../feed/pacing.js';
import { ROLES } from '../processes/system.js';
import { Progress } from '../report/progress.js';
import type { Course } from '../report/table.js';
import type { Instruments } from './instruments.js';
import { stalled } from './stall.js';

const RECOVERED_WITHIN_MS = 30_000;

/** Errands that are under way at the same time, unless all are to be. */
const IN_FLIGHT = 24;

export const VICTIMS: Victims = {
  roles: ROLES,
  withEffects: Object.keys(EFFECT_TARGETS),
  others: ['supervisor', 'projector'],
};

/** A run that is set up and has not begun. */
export interface Stage {
  readonly assignment: Assignment;
  readonly plan: ChaosPlan;
  readonly seed: number;
  readonly fleet: Fleet;
  readonly instruments: Instruments;
}

/** One run: all jobs fed in, all kills struck, all interrupted work taken up again. */
export class Show {
  readonly #counts: JobCounts = { started: 0, ended: 0 };
  readonly #effects: OpenEffects;
  readonly #chaos: Chaos;
  readonly #jobs: number;

  constructor(private readonly stage: Stage) {
    const { assignment, fleet, instruments, plan, seed } = stage;
    const { work, recoveries, diary } = instruments;
    this.#effects = new OpenEffects(fleet.urlOf('shop'));
    const marksman = new Marksman(fleet, work, this.#effects, randomFrom(seed));
    this.#jobs = jobsOf(assignment).length;
    const slack = assignment.allAtOnce ? Infinity : slackFor(this.#jobs);
    this.#chaos = new Chaos(plan, marksman, work, recoveries, diary, slack);
  }

  /** @returns how each job ended, and what the run was like */
  async run(signal: AbortSignal): Promise<{ readonly ends: JobEnd[]; readonly course: Course }> {
    const over = new AbortController();
    const beganMs = performance.now();
    const following = this.#follow(AbortSignal.any([signal, over.signal]));
    try {
      const ends = await this.#perform(signal);
      const durationMs = performance.now() - beganMs;
      await this.#recovered();
      return { ends, course: await this.#course(durationMs) };
    } finally {
      over.abort();
      await following;
    }
  }

  async #perform(signal: AbortSignal): Promise<JobEnd[]> {
    const { assignment, fleet } = this.stage;
    const { errands, allAtOnce } = assignment;
    const over = new AbortController();
    const stall = stalled(() => this.#counts.ended + this.#chaos.done.length, over.signal);
    const within = AbortSignal.any([signal, stall]);
    const pacing = new Pacing();
    within.addEventListener('abort', () => {
      pacing.raise(Infinity);
    });
    const gateway = new GatewayClient(fleet.urlOf('gateway'), within);
    const idle = new AbortController();
    try {
      const inFlight = allAtOnce ? errands.length : IN_FLIGHT;
      const jobs = feed(errands, gateway, pacing, this.#counts, inFlight).finally(() => {
        idle.abort();
      });
      const chaos = this.#chaos.run(pacing, this.#counts, idle.signal, within);
      const [ends] = await Promise.all([jobs, chaos]);
      return ends;
    } finally {
      over.abort();
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { events, recoveries } = this.stage.instruments;
    const progress = new Progress(() => ({
      jobs: this.#jobs,
      ended: this.#counts.ended,
      events: events.total,
      kills: this.#chaos.done.length,
      recoveries: recoveries.timesMs.length,
    }));
    const followers = [events, recoveries, progress].map((each) => each.follow(signal));
    await Promise.all(followers);
  }

  /** Whatever the last kills interrupted has been taken up, or has had its time. */
  async #recovered(): Promise<void> {
    const { recoveries } = this.stage.instruments;
    const what = 'every interrupted task is taken up';
    const waiting = { what, timeoutMs: RECOVERED_WITHIN_MS };
    await eventually(() => recoveries.open === 0, waiting).catch(() => undefined);
  }

  async #course(durationMs: number): Promise<Course> {
    const { events, recoveries } = this.stage.instruments;
    return {
      durationMs,
      events: events.total,
      faults: await this.#effects.struck(),
      kills: this.#chaos.done.length,
      killsInsideEffects: this.#chaos.done.filter((aim) => aim === 'effect').length,
      interruptingKills: recoveries.interruptingKills,
      recoveryTimesMs: recoveries.timesMs,
    };
  }
}

/** Few jobs are to last until the last kill; of many, enough are to be under way to be caught at work. */
const slackFor = (jobs: number): number => Math.min(2 * IN_FLIGHT, Math.ceil(jobs / 8));
