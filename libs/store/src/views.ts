// Reading what the projector wrote: views of workflows, and lists of them, the newest first.

import type { Redis } from 'ioredis';
import { inOneGo } from './in-one-go.js';
import type { WorkflowId } from '@lockstep/kernel';
import type { Partitions } from './keys.js';
import { type Dated, newestOf } from './newest.js';
import type { View } from './operations.js';

export interface ListQuery {
  readonly tenant: string;
  /** Default: any. */
  readonly type?: string;
  /** Default: any. */
  readonly status?: string;
  /** Views a page. */
  readonly limit: number;
  /** `next` of the page before; default: from the newest. */
  readonly before?: string;
}

export interface ViewPage {
  readonly views: readonly View[];
  /** Null when this was the last page. */
  readonly next: string | null;
}

export class ViewReader {
  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {}

  /** Null when there is none (yet). */
  async get(wf: WorkflowId): Promise<View | null> {
    return parseView(wf, await this.redis.hmget(this.partitions.view(wf), ...FIELDS));
  }

  /** A page of a tenant's workflows, the newest first. */
  async list(query: ListQuery): Promise<ViewPage> {
    const lists = this.partitions.tags.map((_, partition) =>
      this.partitions.list(partition, query.tenant, query.type, query.status),
    );
    const { limit, before } = query;
    const { places, next } = await newestOf(this.redis, lists, limit, parsePlace(before));
    const views = await this.getAll(places.map(({ member }) => member as WorkflowId));
    return { views, next: next && `${next.atMs}_${next.member}` };
  }

  /** Those of them that there are. */
  async getAll(wfs: readonly WorkflowId[]): Promise<View[]> {
    const found = await inOneGo(this.redis, wfs, (pipeline, wf) =>
      pipeline.hmget(this.partitions.view(wf), ...FIELDS),
    );
    return wfs.flatMap((wf, at) => parseView(wf, found[at] as Fields) ?? []);
  }
}

type Fields = readonly (string | null)[];

const FIELDS = ['version', 'tenant', 'type', 'status', 'started', 'digest', 'view'];

/** Where a workflow stands in every list: by its start, then by its id. */
function parsePlace(text: string | undefined): Dated | undefined {
  const [, atMs, member] = /^(\d+)_(.+)$/.exec(text ?? '') ?? [];
  return member === undefined ? undefined : { atMs: Number(atMs), member };
}

function parseView(wf: WorkflowId, fields: Fields): View | null {
  const [version, tenant, type, status, started, digest, body] = fields;
  if (!version || !tenant || !type || !status || !body) return null;
  const startedAtMs = Number(started);
  return {
    wf,
    version: Number(version),
    tenant,
    type,
    status,
    startedAtMs,
    digest: digest ?? '',
    body,
  };
}
