import { max, min } from 'simple-statistics';
import type { LoadResult } from '../driver/driver.js';
import { STEPS } from '../jobs/jobs.js';
import { type Row, rowOf } from '../report/row.js';
import { type Costs, costRows, CpuMeter } from './costs.js';
import { emptied } from './emptied.js';
import type { Lab, Measurement } from './measurement.js';

const ID = 'replicas';
const IN_FLIGHT = 256;
/** Processes of the role. */
const COUNTS = [1, 2, 4] as const;

interface Turn {
  readonly replicas: number;
  readonly load: LoadResult;
  readonly costs: Costs;
  /** CPU time of each process of the role, for a workflow, unit s. */
  readonly workers: readonly number[];
}

/**
 * The same load on more and more processes of one role, in turn, each time newly started. Where the processors are
 * few, what an event costs tells how it would grow, rather than how many there are a second.
 */
export const replicas: Measurement = {
  id: ID,
  isExtra: true,
  async run(lab) {
    const turns: Turn[] = [];
    for (let round = 1; round <= lab.extent.rounds; round += 1)
      for (const count of COUNTS) turns.push(await oneTurn(lab, count));
    return COUNTS.flatMap((count) => rowsOf(turns.filter(({ replicas }) => replicas === count)));
  },
};

async function oneTurn(lab: Lab, count: number): Promise<Turn> {
  const { windowMs, warmUpMs } = lab.extent;
  await emptied(lab.redis.url);
  await using subject = await lab.openOne('lockstep', {
    ...{ kind: 'walk', concurrency: IN_FLIGHT, replicas: count },
  });
  await using meter = new CpuMeter(lab.redis.url);
  await subject.driver.load(IN_FLIGHT, warmUpMs);
  const [before, byWorker] = [await meter.read(subject), await subject.cpuSecondsByWorker()];
  const load = await subject.driver.load(IN_FLIGHT, windowMs);
  const costs = meter.since(before, await meter.read(subject), load.total);
  const after = await subject.cpuSecondsByWorker();
  const workers = after.map((to, at) => (to - (byWorker[at] ?? 0)) / load.total);
  return { replicas: count, load, costs, workers };
}

function rowsOf(turns: readonly Turn[]): Row[] {
  const measurement = `${ID}/${turns[0]?.replicas}`;
  const facts = { measurement, unit: 'µs', better: 'less' } as const;
  const ofAStep = (name: string, pick: (workers: number[]) => number): Row => {
    const rounds = turns.map(({ workers }) => (pick([...workers]) * 1e6) / STEPS);
    return rowOf({ ...facts, figure: `CPU a step, ${name}` }, { lockstep: rounds, bullmq: [] });
  };
  return [
    rowOf(
      { measurement, figure: 'steps', unit: 'per s', better: 'more' },
      { lockstep: turns.map(({ load }) => stepsPerSecond(load)), bullmq: [] },
    ),
    ...costRows(
      { measurement, aJob: STEPS, unit: 'step' },
      turns.map(({ costs }) => costs),
      [],
    ),
    ofAStep('the busiest worker', max),
    ofAStep('the least busy worker', min),
  ];
}

const stepsPerSecond = ({ ended, windowMs }: LoadResult): number =>
  (STEPS * ended * 1000) / windowMs;
