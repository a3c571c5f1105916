import { Injectable } from '@nestjs/common';
import {
  type EffectView,
  parseView,
  type UnsettledEffect,
  unsettledOf,
  type WorkflowId,
  type WorkflowView,
} from '@lockstep/kernel';
import {
  HeadReader,
  unsettledPlace,
  UnsettledReader,
  type UnsettledRef,
  type View,
  ViewReader,
} from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { States } from '../history/states.js';
import type { EffectsFilter } from './effects.requests.js';

/** An effect that is not settled, as it is told. */
export type EffectEntry = Pick<EffectView, 'task' | 'op' | 'action' | 'key' | 'risk' | 'attempts'> &
  Omit<UnsettledEffect, 'nth' | 'effect'> & {
    readonly workflow: WorkflowId;
    readonly type: string;
  };

export interface EffectList {
  readonly effects: readonly EffectEntry[];
  /** For the next page; null when there is none. */
  readonly next: string | null;
}

interface Told {
  readonly ref: UnsettledRef;
  readonly entry: EffectEntry;
}

/** Effects that one call looks at for those that fit a filter. */
const MOST_SEEN = 500;

/** Which effects of a tenant are in doubt or wait for a person: listed by the projector, told from the views. */
@Injectable()
export class Effects {
  constructor(
    private readonly unsettled: UnsettledReader,
    private readonly views: ViewReader,
    private readonly heads: HeadReader,
    private readonly states: States,
  ) {}

  async list(
    { tenant }: Caller,
    filter: EffectsFilter,
    { limit, before }: { readonly limit: number; readonly before?: string | undefined },
  ): Promise<EffectList> {
    const isFiltered = Object.values(filter).some((value) => value !== undefined);
    const query = { tenant, limit: isFiltered ? MOST_SEEN : limit, ...(before && { before }) };
    const { effects: refs, next } = await this.unsettled.list(query);
    const fitting = (await this.told(refs)).filter(({ entry }) => fits(entry, filter));
    const effects = fitting.slice(0, limit);
    const last = fitting.length > limit ? effects.at(-1) : undefined;
    return {
      effects: effects.map(({ entry }) => entry),
      next: last ? unsettledPlace(last.ref) : next,
    };
  }

  /** What their views tell of them; one that was settled since it was listed is left out. */
  private async told(refs: readonly UnsettledRef[]): Promise<readonly Told[]> {
    const views = await this.views.getAll([...new Set(refs.map(({ wf }) => wf))]);
    const folded = await Promise.all(views.map((view) => this.folded(view)));
    const entries = new Map(folded.flatMap((view) => (view ? [[view.id, entriesOf(view)]] : [])));
    return refs.flatMap((ref) => {
      const entry = entries.get(ref.wf)?.get(ref.nth);
      return entry ? [{ ref, entry }] : [];
    });
  }

  /** A view that another release wrote is folded again. */
  private async folded({ wf, body }: View): Promise<WorkflowView | null> {
    const view = parseView(body);
    if (view) return view;
    const head = await this.heads.read(wf);
    return head && this.states.at(head);
  }
}

/** By their place in the view. */
const entriesOf = (view: WorkflowView): ReadonlyMap<number, EffectEntry> =>
  new Map(unsettledOf(view).map((each) => [each.nth, entryOf(view, each)]));

function entryOf(
  { id, type }: WorkflowView,
  { effect, role, status, sinceMs, error, options }: UnsettledEffect,
): EffectEntry {
  const { task, op, action, key, risk, attempts } = effect;
  return {
    ...{ workflow: id, type, task, role, op, action, key, risk },
    ...{ status, sinceMs, attempts, error, options },
  };
}

const fits = (entry: EffectEntry, { status, role, action }: EffectsFilter): boolean =>
  (status === undefined || entry.status === status) &&
  (role === undefined || entry.role === role) &&
  (action === undefined || entry.action === action);
