import { Injectable } from '@nestjs/common';
import type { Version } from '@lockstep/kernel';
import { type Head, type ListQuery, type View, ViewReader } from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { Listeners } from '../live/listeners.js';
import { ViewBehind } from '../problems/errors.js';
import { OwnWorkflows } from '../workflows/own-workflows.js';
import { ViewNews } from './view-news.js';

/** One workflow in a list. */
export interface ViewSummary {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly version: Version;
  readonly startedAtMs: number;
}

export interface ViewList {
  /** The newest first. */
  readonly workflows: readonly ViewSummary[];
  /** For the next page; null when there is none. */
  readonly next: string | null;
}

export interface WantedView {
  /** Version that must be in it. */
  readonly atLeast: Version;
  readonly waitMs: number;
  /** Aborted when the client waits no longer. */
  readonly gone: AbortSignal;
}

@Injectable()
export class Views {
  constructor(
    private readonly workflows: OwnWorkflows,
    private readonly reader: ViewReader,
    private readonly listeners: Listeners,
    private readonly news: ViewNews,
  ) {}

  /**
   * A workflow's view, waited for until it is there and as new as asked for.
   *
   * @throws UnknownWorkflow, ViewBehind, TooManyListeners
   */
  async get(caller: Caller, id: string, wanted: WantedView): Promise<View> {
    const head = await this.workflows.head(caller, id);
    const view = await this.reader.get(head.wf);
    if (view && view.version >= wanted.atLeast) return view;
    return this.wait(caller, head, wanted);
  }

  async list(query: ListQuery): Promise<ViewList> {
    const { views, next } = await this.reader.list(query);
    return {
      workflows: views.map(({ wf, type, status, version, startedAtMs }) => ({
        ...{ id: wf, type, status, version, startedAtMs },
      })),
      next,
    };
  }

  private async wait(
    { tenant }: Caller,
    { wf }: Head,
    { atLeast, waitMs, gone }: WantedView,
  ): Promise<View> {
    using watch = this.listeners.watch(tenant, gone);
    await this.news.listen(wf, watch);
    const endMs = performance.now() + waitMs;
    for (;;) {
      const view = await this.reader.get(wf);
      if (view && view.version >= atLeast) return view;
      const outcome = await watch.next(endMs - performance.now());
      if (outcome !== 'changed') throw new ViewBehind(wf, atLeast, view?.version ?? 0);
    }
  }
}
