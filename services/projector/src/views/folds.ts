// Views while they are folded: kept in memory as far as it reaches, read back from the store otherwise.
//
//   V1. What a view is folded from is the log alone. The event that a known view ends with is compared with the one
//       in the log; when they differ, or it is not there, the log was rewound and the view is folded anew (S11).
//   V2. A log that cannot be folded costs its own view, not those of others.

import {
  evolveView,
  initialView,
  parseView,
  viewJson,
  type RecordedEvent,
  unsettledOf,
  type WorkflowId,
  type WorkflowView,
} from '@lockstep/kernel';
import { digestOf, type LogReader, type View, type ViewReader } from '@lockstep/store';
import { LRUCache } from 'lru-cache';
import type { News } from '../follow/news.js';

/** A view, and the digest of the last event in it. */
interface Folded {
  readonly view: WorkflowView;
  readonly digest: string;
}

export interface FoldEvents {
  /** These events came into a view for the first time. */
  folded(events: readonly RecordedEvent[]): void;
  /** A known view did not fit its log (V1). */
  rewound(wf: WorkflowId): void;
  unfoldable(wf: WorkflowId, error: unknown): void;
}

export class Folds {
  private readonly known: LRUCache<WorkflowId, Folded>;

  /** @param cacheChars - of JSON text, what may be kept in memory */
  constructor(
    private readonly log: Pick<LogReader, 'all'>,
    private readonly views: Pick<ViewReader, 'get'>,
    private readonly events: FoldEvents,
    cacheChars: number,
  ) {
    this.known = new LRUCache({ maxSize: cacheChars });
  }

  /** The view of a workflow with at least this news in it; null when it cannot be folded (V2). */
  async upTo({ wf, from, to }: News): Promise<View | null> {
    const known = this.known.get(wf) ?? (from > 1 ? await this.stored(wf) : null);
    if (known === null) return this.firstFold(initial(wf), await this.log.all(wf));
    const { version } = known.view;
    const [last, ...news] = await this.log.all(wf, version, Math.max(version, to));
    if (last?.version === version && digest(last) === known.digest) {
      return this.firstFold(known, news);
    }
    this.events.rewound(wf);
    return this.anew(wf);
  }

  /** The view from the whole log, whatever is known. */
  async anew(wf: WorkflowId): Promise<View | null> {
    return this.fold(initial(wf), await this.log.all(wf));
  }

  private async stored(wf: WorkflowId): Promise<Folded | null> {
    const stored = await this.views.get(wf);
    const view = stored && parseView(stored.body);
    return view && { view, digest: stored.digest };
  }

  /** Of events that no view had. */
  private firstFold(known: Folded, news: readonly RecordedEvent[]): View | null {
    this.events.folded(news);
    return this.fold(known, news);
  }

  private fold(known: Folded, news: readonly RecordedEvent[]): View | null {
    const { id } = known.view;
    try {
      const view = evolveView(known.view, news);
      if (view.version === 0) return null;
      const last = news.at(-1);
      return this.keep({ view, digest: last ? digest(last) : known.digest });
    } catch (error) {
      this.known.delete(id);
      this.events.unfoldable(id, error);
      return null;
    }
  }

  private keep(folded: Folded): View {
    const { id: wf, version, tenant, type, status, startedAtMs, endedAtMs } = folded.view;
    const body = viewJson(folded.view);
    if (endedAtMs === null) this.known.set(wf, folded, { size: body.length });
    else this.known.delete(wf); // nothing more will come
    const unsettled = unsettledOf(folded.view).map(({ nth, sinceMs }) => ({ nth, sinceMs }));
    return {
      wf,
      version,
      tenant,
      type,
      status,
      startedAtMs,
      digest: folded.digest,
      body,
      unsettled,
    };
  }
}

const initial = (wf: WorkflowId): Folded => ({ view: initialView(wf), digest: '' });

/** Tells an event from any other that might have its version. */
const digest = ({ version, type, task, op, epoch, atMs, meta, data }: RecordedEvent): string =>
  digestOf(JSON.stringify([version, type, task, op, epoch, atMs, meta, data]));
