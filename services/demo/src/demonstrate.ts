import { once } from 'node:events';
import { join } from 'node:path';
import { planChaos } from './chaos/plan.js';
import { readDataset } from './data/dataset.js';
import type { Options } from './options.js';
import { Fleet } from './processes/fleet.js';
import { redisFor } from './processes/redis.js';
import { shopSpec, systemSpecs } from './processes/system.js';
import { PROJECT } from './project.js';
import { addressesText } from './report/addresses.js';
import { problemsText } from './report/problems.js';
import { reportTable } from './report/table.js';
import { Diary } from './run/diary.js';
import { openRun } from './run/run-folder.js';
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
  const data = await readDataset(options.data, options.jobs);
  const run = await openRun(join(PROJECT, '.lockstep', 'runs'));
  const plan = planChaos(options.chaos, data.jobs.length, VICTIMS, options.seed);
  console.log(`run ${run.id}: ${data.jobs.length} jobs, ${plan.kills.length} kills`);
  console.log(`logs in ${run.logs}`);

  const redis = await redisFor(run.folder, options.redis);
  const fleet = new Fleet();
  const stage = { run, data, plan, seed: options.seed, fleet };
  try {
    await startAll(stage, redis.url);
    const diary = new Diary(join(run.folder, 'diary.jsonl'));
    const instruments = new Instruments(redis.url, diary);
    const isGood = await perform({ ...stage, instruments }, signal);
    if (!options.exit && !signal.aborted) await once(signal, 'abort');
    return isGood ? 0 : 1;
  } finally {
    await fleet.stop();
    await redis.stop();
  }
}

type Props = Omit<Stage, 'instruments'>;

async function startAll({ run, data, plan, seed, fleet }: Props, redisUrl: string): Promise<void> {
  const { faultRate } = plan;
  await fleet.start([await shopSpec({ run, initialFolder: data.folder, faultRate, seed })]);
  const system = await systemSpecs({ run, redisUrl, shopUrl: fleet.urlOf('shop') });
  console.log(`starting ${system.length} processes beside Redis and the outside world`);
  await fleet.start(system);
}

/** @returns whether all is exact, and some work was interrupted where kills were planned */
async function perform(stage: Stage, signal: AbortSignal): Promise<boolean> {
  const { run, data, plan, fleet, instruments } = stage;
  try {
    const { ends, course } = await new Show(stage).run(signal);
    if (signal.aborted) return false;
    const verification = await verify(fleet.urlOf('shop'), run.id, data, ends);
    console.log(reportTable(verification, course));
    console.log(problemsText(verification, ends, fleet.crashes));
    console.log(addressesText(fleet, ends));
    const isTested = plan.kills.length === 0 || course.interruptingKills > 0;
    return isExact(verification) && isTested;
  } finally {
    await instruments.close();
  }
}
