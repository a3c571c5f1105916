import { once } from 'node:events';
import { join } from 'node:path';
import { Diary, Fleet } from '@lockstep/testing';
import { allOrNothing } from './assignment/all-or-nothing.js';
import { assign } from './assignment/assign.js';
import { chosen } from './assignment/chosen.js';
import { type ChaosPlan, planChaos } from './chaos/plan.js';
import { type Dataset, readDataset } from './data/dataset.js';
import { readSequence } from './data/sequence.js';
import type { Options } from './options.js';
import { redisFor } from './processes/redis.js';
import { shopSpec, systemSpecs } from './processes/system.js';
import { PROJECT } from './project.js';
import { addressesText } from './report/addresses.js';
import { problemsText } from './report/problems.js';
import { reportTable } from './report/table.js';
import { openRun, type Run } from './run/run-folder.js';
import { Instruments } from './show/instruments.js';
import { Show, type Stage, VICTIMS } from './show/show.js';
import { isExact, verify } from './verification/verify.js';

/**
 * Starts everything, runs the jobs while processes are killed, and checks every record.
 *
 * @param signal - ends it early, and in good order
 * @returns the exit status: 0 when all is exact and, unless chaos is off, a kill interrupted held work
 */
export async function demonstrate(options: Options, signal: AbortSignal): Promise<number> {
  const sequence = options.sequence && (await readSequence(options.data, options.sequence));
  const read = await readDataset(options.data);
  const data = chosen(options.allOrNothing ? allOrNothing(read) : read, options, sequence);
  const run = await openRun(join(PROJECT, '.lockstep', 'runs'));
  const plan = planChaos(options.chaos, data.jobs.length, VICTIMS, options.seed);
  console.log(`run ${run.id}: ${data.jobs.length} jobs, ${plan.kills.length} kills`);
  console.log(`logs in ${run.logs}`);

  const redis = await redisFor(run.folder, options.redis);
  const fleet = new Fleet();
  const { seed } = options;
  try {
    const assignment = await assign(run, data, sequence, fleet);
    await startAll({ run, data, plan, seed, fleet }, redis.url);
    const diary = new Diary(join(run.folder, 'diary.jsonl'));
    const instruments = new Instruments(redis.url, diary);
    const stage = { assignment, plan, seed, fleet, instruments };
    const isGood = await perform(stage, run.id, data, signal);
    if (!options.exit && !signal.aborted) await once(signal, 'abort');
    return isGood ? 0 : 1;
  } finally {
    await fleet.stop();
    await redis.stop();
  }
}

interface Props {
  readonly run: Run;
  readonly data: Dataset;
  readonly plan: ChaosPlan;
  readonly seed: number;
  readonly fleet: Fleet;
}

async function startAll({ run, data, plan, seed, fleet }: Props, redisUrl: string): Promise<void> {
  const { faultRate } = plan;
  await fleet.start([await shopSpec({ run, initialFolder: data.folder, faultRate, seed })]);
  const system = await systemSpecs({ run, redisUrl, shopUrl: fleet.urlOf('shop') });
  console.log(`starting ${system.length} processes beside Redis and the outside world`);
  await fleet.start(system);
}

/** @returns whether all is exact, and some work was interrupted where kills were planned */
async function perform(
  stage: Stage,
  run: string,
  data: Dataset,
  signal: AbortSignal,
): Promise<boolean> {
  const { assignment, plan, fleet, instruments } = stage;
  try {
    const { ends, course } = await new Show(stage).run(signal);
    if (signal.aborted) return false;
    const remains = { run, shopUrl: fleet.urlOf('shop'), ends };
    const verification = await verify(remains, assignment, data.initial.orders);
    console.log(reportTable(verification, course));
    console.log(problemsText(verification, ends, fleet.crashes));
    console.log(addressesText(fleet, ends));
    const isTested = plan.kills.length === 0 || course.interruptingKills > 0;
    return isExact(verification) && isTested;
  } finally {
    await instruments.close();
  }
}
