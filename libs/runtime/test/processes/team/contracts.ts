// What the roles of these tests do: as little as shows how work survives.

import { role, signal, Sum, task, workflow } from '@lockstep/contracts';
import { IsArray, IsInt, IsString } from 'class-validator';

/** What it does outside is known by its name there. */
export class Errand {
  @IsString() name!: string;
}
export class Report {
  @IsArray()
  @IsString({ each: true })
  lines!: string[];
}
export class Part {
  @IsString() name!: string;
  @IsInt() number!: number;
}
export class Word {
  @IsString() word!: string;
}
export class Tally {
  @Sum() parts?: number;
}

export const helper = role('helper', {
  part: task(Part, Word),
  finish: task(Errand, Report),
});

export const lead = role('lead', {
  walk: task(Errand, Report),
  pay: task(Errand, Report),
  refund: task(Errand, Report),
  insist: task(Errand, Report),
  nap: task(Errand, Report),
  await: task(Errand, Report),
  share: task(Errand, Report),
  gather: task(Errand, Report),
  hand: task(Errand, Report),
  round: task(Errand, Report),
});

/** Three steps, one after the other. */
export const walk = workflow('walk', { root: lead.walk });
/** A step, an effect, a step. */
export const payment = workflow('payment', { root: lead.pay });
/** As a payment, of money that goes back; its process may take a while before it is given up. */
export const refunding = workflow('refunding', { root: lead.refund });
/** A step that always fails, in three attempts of its task. */
export const insisting = workflow('insisting', { root: lead.insist });
/** Sleeps between two steps. */
export const nap = workflow('nap', { root: lead.nap });
/** Waits for a word between two steps. */
export const waiting = workflow('waiting', { root: lead.await, signals: { go: signal(Word) } });
/** Four parts at once, each by a helper. */
export const sharing = workflow('sharing', { root: lead.share });
/** A hundred parts at once. */
export const gathering = workflow('gathering', { root: lead.gather });
/** A step, and a helper does the rest. */
export const handing = workflow('handing', { root: lead.hand });
/** A bit of everything: steps, parts, an effect, a short sleep, shared state. */
export const round = workflow('round', { root: lead.round, state: Tally });
