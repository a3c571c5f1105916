import { min } from 'simple-statistics';
import { type Row, rowOf, type Unit } from '../report/row.js';
import type { RedisSample, Sample } from './sampler.js';
import { growthPerHour, levelAt } from './trend.js';

/** What a soak found. */
export interface Found {
  readonly completed: number;
  readonly failed: number;
  /** Before the first workflow. */
  readonly before: RedisSample;
  /** One at least. */
  readonly samples: readonly Sample[];
  /** Once the last workflow should have left; null when the soak was ended early. */
  readonly after: RedisSample | null;
}

const MB = 1e6;
const PARTS = [0.1, 0.5, 1] as const;

export function soakRows({ completed, failed, before, samples, after }: Found): Row[] {
  return [
    row('completed', 'workflows', completed, 'more'),
    row('failed', 'workflows', failed),
    row('CPU of Redis and all services, of a core', '%', cpuPercent(samples)),
    ...Object.keys(samples[0]?.processes ?? {}).flatMap((name) => processRows(name, samples)),
    ...redisRows(before, samples),
    ...(after ? afterRows(before, after) : []),
  ];
}

function processRows(name: string, samples: readonly Sample[]): Row[] {
  const rss = samples.map(({ processes }) => (processes[name]?.rssBytes ?? NaN) / MB);
  const heap = samples.map(({ processes }) => (processes[name]?.heapBytes ?? NaN) / MB);
  return [
    ...levels(`RSS of ${name}`, 'MB', rss),
    ...growth(`RSS of ${name}`, samples, rss),
    ...levels(`least heap of ${name}`, 'MB', heap, min),
    ...growth(`least heap of ${name}`, samples, heap),
  ];
}

function redisRows(before: RedisSample, samples: readonly Sample[]): Row[] {
  const memory = samples.map(({ redis }) => redis.bytes / MB);
  const aWorkflow = samples
    .filter(({ redis }) => redis.kept > 0)
    .map(({ redis }) => (redis.bytes - before.bytes) / redis.kept);
  return [
    ...levels('Redis memory', 'MB', memory),
    ...growth('Redis memory', samples, memory),
    ...levels('Redis memory a workflow kept', 'byte', aWorkflow),
  ];
}

const afterRows = (before: RedisSample, after: RedisSample): Row[] => [
  row('Redis memory, before the first', 'MB', before.bytes / MB),
  row('Redis memory, after all have left', 'MB', after.bytes / MB),
  row('keys, before the first', 'keys', before.keys),
  row('keys, after all have left', 'keys', after.keys),
  row('have not left', 'workflows', after.kept),
];

const levels = (figure: string, unit: Unit, values: readonly number[], pick?: typeof min): Row[] =>
  PARTS.map((part) => row(`${figure}, ${100 * part} %`, unit, levelAt(values, part, pick)));

function growth(figure: string, samples: readonly Sample[], values: readonly number[]): Row[] {
  const points = samples.map(({ atMs }, at) => ({ atMs, value: values[at] ?? NaN }));
  const growth = growthPerHour(points);
  return [
    row(`${figure}, growth`, 'MB/h', growth?.anHour ?? null),
    row(`${figure}, growth, give or take`, 'MB/h', growth?.giveOrTake ?? null),
  ];
}

/** Of one core, from the first sample to the last; null of one sample. */
function cpuPercent(samples: readonly Sample[]): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first === last) return null;
  return ((cpuSeconds(last) - cpuSeconds(first)) * 100_000) / (last.atMs - first.atMs);
}

const cpuSeconds = ({ redis, processes }: Sample): number =>
  Object.values(processes).reduce((all, each) => all + each.cpuSeconds, redis.cpuSeconds);

const row = (
  figure: string,
  unit: Unit,
  value: number | null,
  better: Row['better'] = 'less',
): Row =>
  rowOf(
    { measurement: 'soak', figure, unit, better },
    { lockstep: value === null ? [] : [value], bullmq: [] },
  );
