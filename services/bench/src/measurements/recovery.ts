import { join } from 'node:path';
import { eventually } from '@lockstep/testing';
import { type BegunStep, readDiary } from '../jobs/diary.js';
import { STEPS } from '../jobs/jobs.js';
import { type Row, rowOf, type Unit } from '../report/row.js';
import { type System, SYSTEMS, type Subject, type WorkerProcess } from '../subjects/subject.js';
import { type Comeback, comebackOf } from './comeback.js';
import type { Lab, Measurement } from './measurement.js';

const ID = 'recovery';
const JOBS = 50;
const STEP_MS = 50;
/** Places of a process: more than half of the jobs, so that both have some and one can finish them. */
const CONCURRENCY = 32;
/** Steps that each process begins before one is killed. */
const UNDER_WAY = 3 * (JOBS - CONCURRENCY);

/** Fifty workflows on two processes, one of which is killed. */
export const recovery: Measurement = {
  id: ID,
  async run(lab) {
    const comebacks: Record<System, Comeback[]> = { lockstep: [], bullmq: [] };
    for (let round = 1; round <= lab.extent.rounds; round += 1)
      for (const system of SYSTEMS)
        comebacks[system].push(
          await recover(lab, system, join(lab.logs, `${system}-${round}.jsonl`)),
        );
    return [
      rowFor(
        comebacks,
        'kill to progress of a held workflow',
        'ms',
        (each) => each.firstProgressMs,
      ),
      rowFor(
        comebacks,
        'kill to progress of all held workflows',
        'ms',
        (each) => each.lastProgressMs,
      ),
      rowFor(comebacks, 'kill to the end of all', 'ms', (each) => each.endMs),
      rowFor(comebacks, 'steps repeated', 'steps', (each) => each.repeatedSteps),
    ];
  },
};

function rowFor(
  comebacks: Readonly<Record<System, readonly Comeback[]>>,
  figure: string,
  unit: Unit,
  pick: (comeback: Comeback) => number,
): Row {
  const { lockstep, bullmq } = comebacks;
  return rowOf(
    { measurement: ID, figure, unit, better: 'less' },
    { lockstep: lockstep.map(pick), bullmq: bullmq.map(pick) },
  );
}

async function recover(lab: Lab, system: System, diary: string): Promise<Comeback> {
  const walk = { steps: STEPS, stepMs: STEP_MS, diary };
  const processes = { concurrency: CONCURRENCY, replicas: 2, shortLocks: true };
  await using subject = await lab.openOne(system, { kind: 'walk', walk, ...processes });
  const ended = subject.driver.all(JOBS);
  const victim = await Promise.race([underWay(subject, diary), ended.then(tooEarly)]);
  const killedMs = Date.now();
  await victim.kill();
  const endedMs = await ended;
  return comebackOf(await readDiary(diary), { pid: victim.pid, killedMs, endedMs });
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
