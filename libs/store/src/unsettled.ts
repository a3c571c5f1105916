// Reading which effects are in doubt, or wait for a person: as the projector lists them.

import type { WorkflowId } from '@lockstep/kernel';
import type { Redis } from 'ioredis';
import type { Partitions } from './keys.js';
import { type Dated, newestOf } from './newest.js';
import type { UnsettledPlace } from './operations.js';

/** An effect by its workflow and its place in the view of that. */
export type UnsettledRef = UnsettledPlace & { readonly wf: WorkflowId };

export interface UnsettledQuery {
  readonly tenant: string;
  readonly limit: number;
  /** `next` of the page before; default: from the newest. */
  readonly before?: string;
}

export interface UnsettledPage {
  /** Those whose doubt is newest first. */
  readonly effects: readonly UnsettledRef[];
  /** Null when this was the last page. */
  readonly next: string | null;
}

export class UnsettledReader {
  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {}

  /** A page of a tenant's effects. */
  async list({ tenant, limit, before }: UnsettledQuery): Promise<UnsettledPage> {
    const keys = this.partitions.tags.map((_, at) => this.partitions.unsettled(at, tenant));
    const { places, next } = await newestOf(this.redis, keys, limit, parsePlace(before));
    const effects = places.map(refOf);
    return { effects, next: next && unsettledPlace(refOf(next)) };
  }
}

/** The place in the list behind an effect. */
export const unsettledPlace = ({ sinceMs, wf, nth }: UnsettledRef): string =>
  `${sinceMs}_${wf}_${nth}`;

function parsePlace(text: string | undefined): Dated | undefined {
  const [, atMs, wf, nth] = /^(\d+)_(.+)_(\d+)$/.exec(text ?? '') ?? [];
  return wf === undefined ? undefined : { atMs: Number(atMs), member: `${wf} ${nth}` };
}

function refOf({ atMs, member }: Dated): UnsettledRef {
  const [wf = '', nth] = member.split(' ');
  return { wf: wf as WorkflowId, nth: Number(nth), sinceMs: atMs };
}
