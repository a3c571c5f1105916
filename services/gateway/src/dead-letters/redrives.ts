import { Injectable } from '@nestjs/common';
import { canonicalJson } from '@lockstep/kernel';
import { digestOf, RedriveJobs, type RedriveState } from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { IdempotencyConflict, UnknownRedrive } from '../problems/errors.js';
import { Connections } from '../store/connections.js';
import { type DeadLetterFilter, queryOf } from './dead-letters.requests.js';

export interface AskedRedrives {
  readonly filter: DeadLetterFilter;
  readonly reason: string;
  readonly perSecond: number;
}

/** A redrive of many, as it is told. */
export type Redrive = Omit<RedriveState, 'job'> & {
  readonly id: string;
  readonly by: string;
  readonly reason: string;
  readonly perSecond: number;
  readonly atMs: number;
  /** Letters written later are none of its. */
  readonly untilMs: number;
};

/** Redrives of many dead letters: recorded here, and worked off by a supervisor at the rate that is asked for. */
@Injectable()
export class Redrives {
  constructor(
    private readonly jobs: RedriveJobs,
    private readonly connections: Connections,
  ) {}

  /** @throws IdempotencyConflict when the key came with another request before */
  async begin(
    { tenant, by }: Caller,
    { filter, reason, perSecond }: AskedRedrives,
    key: string,
  ): Promise<Redrive> {
    const id = `rd-${digestOf(`${tenant}\n${key}`).slice(0, 32)}`;
    const atMs = await this.nowMs();
    const query = queryOf(tenant, filter);
    const untilMs = Math.min(query.untilMs ?? Infinity, atMs);
    const asked = { id, query: { ...query, untilMs }, by, reason, perSecond, atMs };
    const state = await this.jobs.create(asked);
    const same = { ...state.job, query: { ...state.job.query, untilMs: 0 }, atMs: 0, by: '' };
    const wanted = { ...asked, query: { ...asked.query, untilMs: 0 }, atMs: 0, by: '' };
    if (canonicalJson(same) !== canonicalJson(wanted)) throw new IdempotencyConflict('a redrive');
    return told(state);
  }

  /** A tenant's own, the newest first. */
  async list({ tenant }: Caller): Promise<readonly Redrive[]> {
    const all = await this.jobs.list();
    return all.filter(({ job }) => job.query.tenant === tenant).map(told);
  }

  /** @throws UnknownRedrive */
  async get({ tenant }: Caller, id: string): Promise<Redrive> {
    const state = await this.jobs.get(id);
    if (state?.job.query.tenant !== tenant) throw new UnknownRedrive(id);
    return told(state);
  }

  /** What is redriven stays so. @throws UnknownRedrive */
  async stop(caller: Caller, id: string, reason: string): Promise<Redrive> {
    await this.get(caller, id);
    await this.jobs.stop(id, caller.by, reason);
    return this.get(caller, id);
  }

  /** Letters are dated by the store. */
  private async nowMs(): Promise<number> {
    const [seconds, micros] = (await this.connections.shared.time()).map(Number);
    return (seconds ?? 0) * 1000 + Math.floor((micros ?? 0) / 1000);
  }
}

function told({ job, ...state }: RedriveState): Redrive {
  const { id, by, reason, perSecond, atMs, query } = job;
  return { id, by, reason, perSecond, atMs, untilMs: query.untilMs, ...state };
}
