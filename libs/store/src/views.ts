// Reading what the projector wrote: views of workflows, and lists of them, the newest first.

import type { Redis } from 'ioredis';
import { inOneGo } from './in-one-go.js';
import type { WorkflowId } from '@lockstep/kernel';
import type { Partitions } from './keys.js';
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
    const listed = await this.newest(lists, parsePlace(query.before), query.limit + 1);
    const page = listed.slice(0, query.limit);
    const last = page.at(-1);
    const next = listed.length > page.length && last ? formatPlace(last) : null;
    return { views: await this.getAll(page), next };
  }

  private async getAll(places: readonly Place[]): Promise<View[]> {
    const found = await inOneGo(this.redis, places, (pipeline, { wf }) =>
      pipeline.hmget(this.partitions.view(wf), ...FIELDS),
    );
    return places.flatMap(({ wf }, at) => parseView(wf, found[at] as Fields) ?? []);
  }

  /** The newest of all lists behind a place, at most `limit`. */
  private async newest(lists: readonly string[], before: Place, limit: number): Promise<Place[]> {
    // Those that started at the very same time stand on both sides of the place.
    const equal = await inOneGo(this.redis, lists, (pipeline, list) =>
      pipeline.zcount(list, before.startedAtMs, before.startedAtMs),
    );
    const found = await inOneGo(this.redis, lists, (pipeline, list) => {
      const most = limit + Number(equal[lists.indexOf(list)]);
      return pipeline.zrevrangebyscore(
        list,
        before.startedAtMs,
        '-inf',
        'WITHSCORES',
        'LIMIT',
        0,
        most,
      );
    });
    return found
      .flatMap((members) => parsePlaces(members as string[]))
      .filter((place) => isNewer(before, place))
      .sort((a, b) => (isNewer(a, b) ? -1 : 1))
      .slice(0, limit);
  }
}

/** Where a workflow stands in every list: by its start, then by its id. */
interface Place {
  readonly startedAtMs: number;
  readonly wf: WorkflowId;
}

type Fields = readonly (string | null)[];

const FIELDS = ['version', 'tenant', 'type', 'status', 'started', 'digest', 'view'];
const NEWEST: Place = { startedAtMs: Infinity, wf: '' as WorkflowId };

const isNewer = (a: Place, b: Place): boolean =>
  a.startedAtMs === b.startedAtMs ? a.wf > b.wf : a.startedAtMs > b.startedAtMs;

const formatPlace = ({ startedAtMs, wf }: Place): string => `${startedAtMs}_${wf}`;

function parsePlace(text: string | undefined): Place {
  const [, startedAtMs, wf] = /^(\d+)_(.+)$/.exec(text ?? '') ?? [];
  return wf === undefined ? NEWEST : { startedAtMs: Number(startedAtMs), wf: wf as WorkflowId };
}

function parsePlaces(members: readonly string[]): Place[] {
  const places: Place[] = [];
  for (let at = 0; at < members.length; at += 2) {
    places.push({ wf: members[at] as WorkflowId, startedAtMs: Number(members[at + 1]) });
  }
  return places;
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
