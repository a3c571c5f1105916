import { Injectable } from '@nestjs/common';
import {
  parseView,
  type Standing,
  standingOf,
  type Version,
  type WorkflowId,
} from '@lockstep/kernel';
import { CrewReader } from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { States } from '../history/states.js';
import { OwnWorkflows } from '../workflows/own-workflows.js';
import { Views, type WantedView } from './views.js';

export interface Standings {
  readonly id: WorkflowId;
  readonly status: string;
  /** Of the view that it was computed from. */
  readonly version: Version;
  readonly standing: readonly Standing[];
}

/** Why workflows do not go on: computed when it is asked for, from a view and from who works now. */
@Injectable()
export class StandingReader {
  constructor(
    private readonly views: Views,
    private readonly crew: CrewReader,
    private readonly states: States,
    private readonly workflows: OwnWorkflows,
  ) {}

  /** @throws UnknownWorkflow, ViewBehind, TooManyListeners */
  async of(caller: Caller, id: string, wanted: WantedView): Promise<Standings> {
    const [{ body }, alive] = await Promise.all([
      this.views.get(caller, id, wanted),
      this.inboxes(),
    ]);
    const view = parseView(body) ?? (await this.states.at(await this.workflows.head(caller, id)));
    const { id: wf, status, version } = view;
    return { id: wf, status, version, standing: standingOf(view, alive) };
  }

  /** Those that somebody reads. */
  private async inboxes(): Promise<ReadonlySet<string>> {
    const crew = await this.crew.list();
    return new Set(crew.filter(({ order }) => !order).map(({ inbox }) => inbox));
  }
}
