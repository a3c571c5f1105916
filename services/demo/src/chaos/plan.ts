import { pick, randomFrom, shuffled } from '@lockstep/testing';

export const CHAOS_LEVELS = ['off', 'light', 'heavy'] as const;
export type ChaosLevel = (typeof CHAOS_LEVELS)[number];

/**
 * When a kill strikes: at any moment; while the victim holds a task; or while an effect of it is open, the
 * outside world having acted and its answer not having come.
 */
export type Aim = 'anytime' | 'task' | 'effect';

export interface Kill {
  readonly service: string;
  readonly aim: Aim;
  /** Struck once so many jobs have been started. */
  readonly afterJobs: number;
}

export interface ChaosPlan {
  /** In order of `afterJobs`. */
  readonly kills: readonly Kill[];
  /** Part of the outside world's calls that meet a fault, 0 to 1. */
  readonly faultRate: number;
}

/** Which services are killed, by what they can be caught at. */
export interface Victims {
  /** Roles of the team. */
  readonly roles: readonly string[];
  /** Roles whose effects can be held open. */
  readonly withEffects: readonly string[];
  /** Services that hold no task. */
  readonly others: readonly string[];
}

/** More than half, because the moment that a kill waits for does not always come. */
const AIMED_SHARE = 0.65;

interface Level {
  readonly killsEach: number;
  readonly jobsPerKill: number;
  readonly faultRate: number;
}

const LEVELS: Readonly<Record<ChaosLevel, Level>> = {
  off: { killsEach: 0, jobsPerKill: Infinity, faultRate: 0 },
  light: { killsEach: 1, jobsPerKill: 20, faultRate: 0.02 },
  heavy: { killsEach: 5, jobsPerKill: 5, faultRate: 0.1 },
};

/**
 * Plans the kills of a run: each service a certain number of times, then roles that act on the outside world
 * until there are enough for the jobs; most of them aimed at held work; spread evenly. The same seed gives the
 * same plan.
 */
export function planChaos(
  level: ChaosLevel,
  jobs: number,
  victims: Victims,
  seed: number,
): ChaosPlan {
  const { killsEach, jobsPerKill, faultRate } = LEVELS[level];
  const random = randomFrom(seed);
  const services = [...victims.roles, ...victims.others];
  const due = services.flatMap((service) => Array<string>(killsEach).fill(service));
  const missing = Math.max(0, Math.ceil(jobs / jobsPerKill) - due.length);
  const more = Array.from({ length: missing }, () => pick(victims.withEffects, random));
  const order = shuffled([...due, ...more], random);
  return { faultRate, kills: scheduled(order, jobs, victims, random) };
}

function scheduled(
  services: readonly string[],
  jobs: number,
  victims: Victims,
  random: () => number,
): Kill[] {
  const aimed = chooseAimed(services, victims, random);
  return services.map((service, at) => ({
    service,
    aim: aimed.has(at) ? aimAt(service, victims, random) : 'anytime',
    afterJobs: Math.ceil(((at + 1) * jobs) / (services.length + 1)),
  }));
}

/** Positions of the kills to be aimed: roles that act on the outside world first, for they are caught best. */
function chooseAimed(
  services: readonly string[],
  { roles, withEffects }: Victims,
  random: () => number,
): ReadonlySet<number> {
  const positions = shuffled([...services.keys()], random);
  const isOf = (list: readonly string[]) => (at: number) => list.includes(services[at] ?? '');
  const [best, rest] = [positions.filter(isOf(withEffects)), positions.filter(isOf(roles))];
  const wanted = Math.ceil(services.length * AIMED_SHARE);
  return new Set([...new Set([...best, ...rest])].slice(0, wanted));
}

function aimAt(service: string, { withEffects }: Victims, random: () => number): Aim {
  return withEffects.includes(service) && random() < 0.5 ? 'effect' : 'task';
}

/**
 * How many jobs may have been started while some kills have been struck: no kill is outrun.
 *
 * @param slack - by how many jobs the next kill may be late; Infinity holds none back
 */
export function jobsAdmitted(
  { kills }: ChaosPlan,
  struck: { has(kill: Kill): boolean },
  slack: number,
): number {
  const next = kills.find((kill) => !struck.has(kill));
  return next === undefined ? Infinity : next.afterJobs + slack;
}
