import { median } from 'simple-statistics';
import { STEPS } from '../jobs/jobs.js';
import { type Row, rowOf } from '../report/row.js';
import type { Subject } from '../subjects/subject.js';
import { type Costs, CpuMeter } from './costs.js';
import { emptied } from './emptied.js';
import type { Lab, Measurement } from './measurement.js';

const IN_FLIGHT = 256;
const TURNS_A_ROUND = 2;

/** How often metrics are read to tell what one reading takes; the first is of code that never ran. */
const SCRAPES = 20;

/** What a step costs, with metrics and without. */
interface Turn {
  readonly onMicros: number;
  readonly offMicros: number;
  readonly scrapeMillis: number;
}

interface Cost {
  readonly micros: number;
  /** NaN without metrics. */
  readonly scrapeMillis: number;
}

/**
 * What metrics cost: the same load on processes that count and on ones that do not, in turn, each newly started so
 * that none is lucky for the whole run. What it takes to read them is told beside it: how often that is, Prometheus says.
 */
export const metricsCost: Measurement = {
  id: 'metrics',
  async run(lab) {
    const turns: Turn[] = [];
    for (let turn = 1; turn <= TURNS_A_ROUND * lab.extent.rounds; turn += 1)
      turns.push(await oneTurn(lab, turn % 2 === 0));
    return [
      row(
        'CPU a step, metrics on',
        'µs',
        turns.map(({ onMicros }) => onMicros),
        median,
      ),
      row(
        'CPU a step, metrics off',
        'µs',
        turns.map(({ offMicros }) => offMicros),
        median,
      ),
      row(
        'CPU of all services to be read once',
        'ms',
        turns.map(({ scrapeMillis }) => scrapeMillis),
        median,
      ),
      ...differences(turns.map(({ onMicros, offMicros }) => 100 * (onMicros / offMicros - 1))),
    ];
  },
};

async function oneTurn(lab: Lab, isOnFirst: boolean): Promise<Turn> {
  const first = await costOf(lab, isOnFirst);
  const second = await costOf(lab, !isOnFirst);
  const [on, off] = isOnFirst ? [first, second] : [second, first];
  return { onMicros: on.micros, offMicros: off.micros, scrapeMillis: on.scrapeMillis };
}

/** Of all services, without Redis and the driver, which count nothing. */
async function costOf(lab: Lab, metrics: boolean): Promise<Cost> {
  const { windowMs, warmUpMs } = lab.extent;
  await emptied(lab.redis.url);
  await using subject = await lab.openOne('lockstep', {
    ...{ kind: 'walk', concurrency: IN_FLIGHT, metrics },
  });
  await using meter = new CpuMeter(lab.redis.url);
  await subject.driver.load(IN_FLIGHT, warmUpMs);
  const before = await meter.read(subject);
  const { total } = await subject.driver.load(IN_FLIGHT, windowMs);
  const costs = meter.since(before, await meter.read(subject), total);
  const scrapeMillis = metrics ? await millisAScrape(subject, meter) : NaN;
  return { micros: (ofServices(costs) * 1e6) / STEPS, scrapeMillis };
}

async function millisAScrape(subject: Subject, meter: CpuMeter): Promise<number> {
  await subject.scrape();
  const before = await meter.read(subject);
  for (let scrape = 1; scrape <= SCRAPES; scrape += 1) await subject.scrape();
  return ofServices(meter.since(before, await meter.read(subject), SCRAPES)) * 1000;
}

const ofServices = ({ workers = NaN, supervisor = NaN, projector = NaN }: Costs): number =>
  workers + supervisor + projector;

/** The median of the turns, and the interval in which it lies, by their order: 98 % sure of ten. */
function differences(percents: readonly number[]): Row[] {
  const outermost = percents.length >= 9 ? 1 : 0;
  const ordered = percents.toSorted((a, b) => a - b);
  return [
    row('more CPU with metrics', '%', percents, median),
    row('more CPU, at the least', '%', percents, () => ordered.at(outermost) ?? NaN),
    row('more CPU, at the most', '%', percents, () => ordered.at(-1 - outermost) ?? NaN),
  ];
}

const row = (
  figure: string,
  unit: Row['unit'],
  rounds: readonly number[],
  pick: (figures: number[]) => number,
): Row =>
  rowOf(
    { measurement: 'metrics', figure, unit, better: 'less' },
    { lockstep: rounds, bullmq: [] },
    pick,
  );
