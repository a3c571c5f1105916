// Redrives of many dead letters, as a person asked for them: recorded here, and worked off by a supervisor.
//
//   A job is one field of one hash, and what has become of it is another: who asks and who works never write the same.

import type { Redis } from 'ioredis';
import { REDRIVES_KEY } from '../keys.js';
import type { DeadLetterQuery } from './reader.js';

export interface RedriveJob {
  readonly id: string;
  /** Which letters, and whose. It has an end, so that what fails again is not taken for what failed before. */
  readonly query: DeadLetterQuery & { readonly untilMs: number };
  readonly by: string;
  readonly reason: string;
  /** Letters a second, at most. */
  readonly perSecond: number;
  readonly atMs: number;
}

export interface RedriveProgress {
  /** The place in the list behind which it goes on; null at the beginning. */
  readonly cursor: string | null;
  readonly redriven: number;
  readonly refused: number;
  /** The last that were refused. */
  readonly refusals: readonly RedriveRefusal[];
  /** Null until every letter was looked at. */
  readonly endedAtMs: number | null;
}

export interface RedriveRefusal {
  /** Of the letter. */
  readonly id: string;
  readonly code: string;
  readonly message: string;
}

export interface RedriveState {
  readonly job: RedriveJob;
  readonly progress: RedriveProgress;
  /** Who stopped it; null unless somebody did. */
  readonly stopped: { readonly by: string; readonly reason: string } | null;
  readonly status: 'running' | 'done' | 'stopped';
}

const BEGUN: RedriveProgress = {
  ...{ cursor: null, redriven: 0, refused: 0, refusals: [], endedAtMs: null },
};

export class RedriveJobs {
  constructor(private readonly redis: Redis) {}

  /** Records a job, unless there is one of its id: then it answers that one. */
  async create(job: RedriveJob): Promise<RedriveState> {
    await this.redis.hsetnx(REDRIVES_KEY, job.id, JSON.stringify(job));
    return (await this.get(job.id)) ?? stateOf([JSON.stringify(job), null, null]);
  }

  /** Null when there is none, or it was forgotten. */
  async get(id: string): Promise<RedriveState | null> {
    const [job, ...rest] = await this.redis.hmget(REDRIVES_KEY, id, progressOf(id), stopOf(id));
    return job == null ? null : stateOf([job, rest[0] ?? null, rest[1] ?? null]);
  }

  /** All that are remembered, the newest first. */
  async list(): Promise<RedriveState[]> {
    const all = await this.redis.hgetall(REDRIVES_KEY);
    const ids = Object.keys(all).filter((name) => !name.includes(':'));
    return ids
      .map((id) => stateOf([all[id] ?? '', all[progressOf(id)] ?? null, all[stopOf(id)] ?? null]))
      .sort((a, b) => b.job.atMs - a.job.atMs);
  }

  /** Keeps how far it has come. */
  async save(id: string, progress: RedriveProgress): Promise<void> {
    await this.redis.hset(REDRIVES_KEY, progressOf(id), JSON.stringify(progress));
  }

  /** The first who stops it counts. */
  async stop(id: string, by: string, reason: string): Promise<void> {
    await this.redis.hsetnx(REDRIVES_KEY, stopOf(id), JSON.stringify({ by, reason }));
  }

  async forget(id: string): Promise<void> {
    await this.redis.hdel(REDRIVES_KEY, id, progressOf(id), stopOf(id));
  }
}

const progressOf = (id: string): string => `${id}:progress`;
const stopOf = (id: string): string => `${id}:stop`;

function stateOf([job, progress, stop]: readonly [
  string,
  string | null,
  string | null,
]): RedriveState {
  const told = progress === null ? BEGUN : (JSON.parse(progress) as RedriveProgress);
  const stopped = stop === null ? null : (JSON.parse(stop) as RedriveState['stopped']);
  const ended = told.endedAtMs === null ? 'running' : 'done';
  const status = stopped && ended === 'running' ? 'stopped' : ended;
  return { job: JSON.parse(job) as RedriveJob, progress: told, stopped, status };
}
