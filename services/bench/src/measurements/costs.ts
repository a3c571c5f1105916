import { Redis } from 'ioredis';
import { sum } from 'simple-statistics';
import { type Row, rowOf } from '../report/row.js';
import { redisCpuSeconds } from '../subjects/redis-costs.js';
import type { Subject } from '../subjects/subject.js';

/** CPU time by service and of Redis, unit s; of a job where it says so. */
export type Costs = Readonly<Record<string, number>>;

/** Reads what a system's processes and Redis have used so far. */
export class CpuMeter implements AsyncDisposable {
  private readonly redis: Redis;

  constructor(redisUrl: string) {
    this.redis = new Redis(redisUrl);
  }

  async read(subject: Subject): Promise<Costs> {
    const redis = await redisCpuSeconds(this.redis);
    return { Redis: redis, ...(await subject.cpuSeconds()) };
  }

  /** @returns what was used between two readings, for each of so many jobs */
  since(before: Costs, after: Costs, jobs: number): Costs {
    const spent = Object.entries(after).map(([name, to]) => [
      name,
      (to - (before[name] ?? 0)) / jobs,
    ]);
    return Object.fromEntries(spent) as Costs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.redis.quit();
  }
}

interface CostProps {
  readonly measurement: string;
  /** How many units a job is. */
  readonly aJob: number;
  readonly unit: string;
}

/** A row for all CPU time, one for Redis, and one for each service of either system. */
export function costRows(
  { measurement, aJob, unit }: CostProps,
  lockstep: readonly Costs[],
  bullmq: readonly Costs[],
): Row[] {
  const services = [...new Set([...lockstep, ...bullmq].flatMap((costs) => Object.keys(costs)))];
  const micros = (pick: (costs: Costs) => number | undefined, all: readonly Costs[]) =>
    all.flatMap((costs) => pick(costs) ?? []).map((seconds) => (seconds * 1e6) / aJob);
  const row = (name: string, pick: (costs: Costs) => number | undefined): Row =>
    rowOf(
      { measurement, figure: `CPU a ${unit}, ${name}`, unit: 'µs', better: 'less' },
      { lockstep: micros(pick, lockstep), bullmq: micros(pick, bullmq) },
    );
  const total = (costs: Costs): number => sum(Object.values(costs));
  return [row('all', total), ...services.map((name) => row(name, (costs) => costs[name]))];
}
