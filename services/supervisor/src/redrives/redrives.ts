// Works off the redrives of many dead letters that people asked for.
//
//   J1. One supervisor does it at a time, under a lease: so the rate of a job holds for all of them together.
//   J2. Each letter is redriven under a command id made of job and letter: whoever goes on for one that died repeats
//       what was not written down, and changes nothing by it.
//   J3. A letter that is refused stays where it is, and the job goes on behind it.

import { randomUUID } from 'node:crypto';
import type {
  DeadLetterReader,
  LetterRedriver,
  RedriveJobs,
  RedriveProgress,
  RedriveRefusal,
  RedriveState,
  Store,
} from '@lockstep/store';
import type { Round } from '../duties/patrol.js';

export interface RedrivingPorts {
  readonly jobs: RedriveJobs;
  readonly letters: Pick<DeadLetterReader, 'list'>;
  readonly redriver: Pick<LetterRedriver, 'redrive'>;
  readonly store: Pick<Store, 'lease'>;
  readonly redriven: (outcome: 'redriven' | 'refused') => void;
}

const LEASE = 'redrives';
const LEASE_MS = 10_000;
const EVERY_MS = 1000;
const REFUSALS_KEPT = 20;
/** How long a job that has ended can be asked for, unit ms. */
const REMEMBERED_MS = 7 * 86_400_000;

/** One round a second: of each job as many letters as it may redrive in that time. */
export function redriving(ports: RedrivingPorts, nowMs: () => number = Date.now): Round {
  const owner = randomUUID();
  return async () => {
    const states = await ports.jobs.list();
    if (states.length === 0) return EVERY_MS;
    const { reply } = await ports.store.lease(0, LEASE, owner, LEASE_MS); // J1
    if (reply !== 'ok') return EVERY_MS;
    for (const state of states) {
      if (state.status === 'running') await advance(state, ports, nowMs());
      else await forgetOld(state, ports.jobs, nowMs());
    }
    return EVERY_MS;
  };
}

async function advance(
  { job, progress }: RedriveState,
  { jobs, letters, redriver, redriven }: RedrivingPorts,
  nowMs: number,
): Promise<void> {
  const { cursor } = progress;
  const page = { limit: job.perSecond, ...(cursor !== null && { before: cursor }) };
  const { letters: found, next } = await letters.list(job.query, page);
  const refusals: RedriveRefusal[] = [];
  for (const letter of found) {
    const refusal = await redriver.redrive(letter, job);
    redriven(refusal ? 'refused' : 'redriven');
    if (refusal) refusals.push(refusal);
  }
  await jobs.save(job.id, after(progress, { count: found.length, refusals, next, nowMs }));
}

function after(
  { redriven, refused, refusals: before }: RedriveProgress,
  round: { count: number; refusals: RedriveRefusal[]; next: string | null; nowMs: number },
): RedriveProgress {
  const { count, refusals, next, nowMs } = round;
  return {
    cursor: next,
    redriven: redriven + count - refusals.length,
    refused: refused + refusals.length,
    refusals: [...before, ...refusals].slice(-REFUSALS_KEPT),
    endedAtMs: next === null ? nowMs : null,
  };
}

async function forgetOld(
  { job, progress }: RedriveState,
  jobs: RedriveJobs,
  nowMs: number,
): Promise<void> {
  if (nowMs - (progress.endedAtMs ?? job.atMs) > REMEMBERED_MS) await jobs.forget(job.id);
}
