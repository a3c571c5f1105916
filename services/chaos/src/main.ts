import 'reflect-metadata';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { endOnSignal } from '@lockstep/testing';
import { Chaos } from './chaos.js';
import { MIXES } from './faults/kinds.js';
import { type Options, parseOptions } from './options.js';
import { follow } from './report/progress.js';
import { added, type Results } from './report/results.js';
import { reportText, violationText } from './report/table.js';
import { runSchedules } from './simulation/run-schedules.js';
import { openStage } from './system/stage.js';

const signal = endOnSignal();
const options = parseOptions(process.argv);

if (options.summary)
  console.log(reportText(added(await Promise.all(options.summary.map(readResults)))));
else if (options.simulate) process.exitCode = await runSchedules(options, signal);
else process.exitCode = await run(options);

async function readResults(file: string): Promise<Results> {
  return JSON.parse(await readFile(file, 'utf8')) as Results;
}

/** @returns the exit status: 0 when all is right */
async function run(given: Options): Promise<number> {
  const { results, folder } = await perform(given);
  const out = resolve(given.out);
  await writeFile(out, `${JSON.stringify(results)}\n`);
  console.log(`${reportText(results)}\n${out}`);
  if (results.violations.length > 0) return 1;
  await rm(folder, { recursive: true });
  return signal.aborted ? 1 : 0;
}

async function perform(given: Options): Promise<{ results: Results; folder: string }> {
  const { seed, minutes, mix } = given;
  const again = `npm run chaos -- --seed ${seed} --minutes ${minutes} --mix ${mix}`;
  console.log(again);
  await using stage = await openStage(MIXES[mix], seed);
  console.log(`logs in ${stage.folder}`);
  const chaos = new Chaos(stage, given, signal, (violation) => {
    console.log(`${violationText(violation)}\n    again: ${again}`);
  });
  const results = await follow(chaos.run(), () => chaos.snapshot);
  await stage.diary.close();
  return { results, folder: stage.folder };
}
