import { median } from 'simple-statistics';
import { STEPS } from '../jobs/jobs.js';
import { type Row, rowOf } from '../report/row.js';
import { CpuMeter } from './costs.js';
import type { Lab, Measurement } from './measurement.js';

const IN_FLIGHT = 256;
const TURNS_A_ROUND = 2;

/** What a step costs, with metrics and without. */
interface Turn {
  readonly onMicros: number;
  readonly offMicros: number;
}

/**
 * What metrics cost: the same load on processes that count and on ones that do not, in turn, each newly started so
 * that none is lucky for the whole run. Those that count are read once in a window.
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
      ...differences(turns.map(({ onMicros, offMicros }) => 100 * (onMicros / offMicros - 1))),
    ];
  },
};

async function oneTurn(lab: Lab, isOnFirst: boolean): Promise<Turn> {
  const first = await microsAStep(lab, isOnFirst);
  const second = await microsAStep(lab, !isOnFirst);
  const [onMicros, offMicros] = isOnFirst ? [first, second] : [second, first];
  return { onMicros, offMicros };
}

/** Of all services, without Redis and the driver, which count nothing. */
async function microsAStep(lab: Lab, metrics: boolean): Promise<number> {
  const { windowMs, warmUpMs } = lab.extent;
  await using subject = await lab.openOne('lockstep', {
    ...{ kind: 'walk', concurrency: IN_FLIGHT, metrics },
  });
  await using meter = new CpuMeter(lab.redis.url);
  await subject.driver.load(IN_FLIGHT, warmUpMs);
  const before = await meter.read(subject);
  const { total } = await subject.driver.load(IN_FLIGHT, windowMs);
  const costs = meter.since(before, await meter.read(subject), total);
  const { workers = NaN, supervisor = NaN, projector = NaN } = costs;
  return ((workers + supervisor + projector) * 1e6) / STEPS;
}

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
