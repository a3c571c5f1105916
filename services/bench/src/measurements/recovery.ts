import { join } from 'node:path';
import { eventually } from '@lockstep/testing';
import { median } from 'simple-statistics';
import { type BegunStep, readDiary } from '../jobs/diary.js';
import { STEPS, type WalkPlan } from '../jobs/jobs.js';
import { type Row, rowOf } from '../report/row.js';
import { type System, SYSTEMS, type Subject, type WorkerProcess } from '../subjects/subject.js';
import { type Comeback, comebackOf } from './comeback.js';
import type { Lab, Measurement } from './measurement.js';

const JOBS = 50;
const STEP_MS = 50;
/** Places of a process: more than half of the jobs, so that both have some and one can finish them. */
const CONCURRENCY = 32;
/** Steps that each process begins before one is killed. */
const UNDER_WAY = 3 * (JOBS - CONCURRENCY);

/** Fifty workflows on two processes, one of which is killed. */
export const recovery: Measurement = {
  id: 'recovery',
  async run(lab) {
    const comebacks = await comebacksOf(lab, SYSTEMS, false);
    return [...timeRows('recovery', comebacks), repeats('recovery', comebacks)];
  },
};

/** The same with effects in the place of steps: those that were open wait until they can have ended (E5). */
export const recoveryWithEffects: Measurement = {
  id: 'recovery/effects',
  async run(lab) {
    const comebacks = await comebacksOf(lab, ['lockstep'], true);
    const id = 'recovery/effects';
    return [...timeRows(id, comebacks), repeats(id, comebacks)];
  },
};

type Comebacks = Readonly<Record<System, readonly Comeback[]>>;

const timeRows = (measurement: string, comebacks: Comebacks): Row[] => {
  const row = (figure: string, pick: (comeback: Comeback) => number): Row =>
    rowOf({ measurement, figure, unit: 'ms', better: 'less' }, picked(comebacks, pick));
  return [
    row('kill to progress of a held workflow', (each) => each.firstProgressMs),
    row('kill to progress of all held workflows', (each) => each.lastProgressMs),
    row('kill to the end of all', (each) => each.endMs),
  ];
};

/** Chance decides how many steps are open at the kill: no round is better than another. */
const repeats = (measurement: string, comebacks: Comebacks): Row =>
  rowOf(
    { measurement, figure: 'repeated for each held workflow', unit: 'steps', better: 'less' },
    picked(comebacks, ({ repeatedSteps, held }) => repeatedSteps / held),
    median,
  );

const picked = (
  { lockstep, bullmq }: Comebacks,
  pick: (comeback: Comeback) => number,
): Record<System, number[]> => ({ lockstep: lockstep.map(pick), bullmq: bullmq.map(pick) });

async function comebacksOf(
  lab: Lab,
  systems: readonly System[],
  acts: boolean,
): Promise<Comebacks> {
  const comebacks: Record<System, Comeback[]> = { lockstep: [], bullmq: [] };
  for (let round = 1; round <= lab.extent.rounds; round += 1) {
    for (const system of systems) {
      const diary = join(lab.logs, `${system}-${round}.jsonl`);
      const walk = { steps: STEPS, stepMs: STEP_MS, diary, acts };
      comebacks[system].push(await comeback(lab, system, walk));
    }
  }
  return comebacks;
}

async function comeback(lab: Lab, system: System, walk: WalkPlan): Promise<Comeback> {
  const processes = { concurrency: CONCURRENCY, replicas: 2, shortLocks: true };
  await using subject = await lab.openOne(system, { kind: 'walk', walk, ...processes });
  const ended = subject.driver.all(JOBS);
  const victim = await Promise.race([underWay(subject, walk.diary), ended.then(tooEarly)]);
  const killedMs = Date.now();
  await victim.kill();
  const endedMs = await ended;
  return comebackOf(await readDiary(walk.diary), { pid: victim.pid, killedMs, endedMs });
}

/** @returns the process that has begun more, once both have begun enough */
async function underWay({ workers }: Subject, diary: string): Promise<WorkerProcess> {
  return eventually(
    async () => {
      const lines = await readDiary(diary);
      const [most, least] = workers
        .map((worker) => ({ worker, begun: begunBy(worker, lines) }))
        .sort((a, b) => b.begun - a.begun);
      return (least?.begun ?? 0) >= UNDER_WAY && most?.worker;
    },
    { what: 'both processes are at work' },
  );
}

const begunBy = ({ pid }: WorkerProcess, lines: readonly BegunStep[]): number =>
  lines.filter((line) => line.pid === pid).length;

function tooEarly(): never {
  throw new Error('all jobs ended before a process could be killed');
}
