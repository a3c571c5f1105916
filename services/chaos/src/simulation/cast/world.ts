import { pick } from '@lockstep/testing';
import { NotPerformed, Rejected } from '@lockstep/runtime';
import type { Deed, OutsideWorld } from '../../programs/outside.js';
import type { Network } from '../store/network.js';
import type { Actor } from '../time/actor.js';

/** What became of a request to the outside world: the answer may be lost, before or after it acted. */
export type Mishap = 'refused' | 'lost' | 'unanswered' | 'late';

export interface WorldParts {
  readonly network: Network;
  /** Whether the provider of a deed does a thing once per key. */
  readonly deduplicates: (reference: string) => boolean;
  readonly random: () => number;
  /** Part of the requests that go wrong. */
  readonly mishapShare: number;
}

const MISHAPS: readonly Mishap[] = ['refused', 'lost', 'unanswered', 'late'];
/** An attempt takes no longer than this; what is late comes before. Unit ms. */
export const ATTEMPT_MS = 1000;
/** How long a request takes that is late, unit ms. */
const LATE_MS = 900;

/** The outside world: what was done there, and how often. */
export class SimulatedWorld {
  /** The key that the provider was given, once for each time that it was done; in their order. */
  readonly done: string[] = [];

  constructor(private readonly parts: WorldParts) {}

  /** The way there, of one process. */
  of(actor: Actor): OutsideWorld {
    return {
      act: (deed, { key }) =>
        this.#asked(actor, 'act', key, () => {
          this.#act(key, deed);
        }),
      hasActed: (_, { key }) => this.#asked(actor, 'probe', key, () => this.done.includes(key)),
    };
  }

  #act(key: string, { refusal }: Deed): void {
    if (refusal !== undefined) throw new Rejected(refusal);
    if (!this.done.includes(key) || !this.parts.deduplicates(key)) this.done.push(key);
  }

  #mishap(): Mishap | undefined {
    const { random, mishapShare } = this.parts;
    return random() < mishapShare ? pick(MISHAPS, random) : undefined;
  }

  /** A request and its answer. */
  #asked<Result>(actor: Actor, name: string, key: string, ask: () => Result): Promise<Result> {
    const { network } = this.parts;
    const mishap = this.#mishap();
    const call = { name, args: [key, ...(mishap ? [mishap] : [])] };
    network.passes({ from: 'actor', actor, call });
    if (actor.isDead) return new Promise(() => undefined);
    return new Promise((resolve, reject) => {
      network.schedule.after(mishap === 'late' ? LATE_MS : network.latencyMs(), () => {
        const answer = answerOf(ask, mishap);
        network.schedule.after(network.latencyMs(), () => {
          network.passes({ from: 'world', actor, call });
          actor.receive(() => {
            if ('error' in answer) reject(answer.error);
            else resolve(answer.result);
          });
        });
      });
    });
  }
}

type Answer<Result> = { readonly result: Result } | { readonly error: Error };

/** What comes back from there. */
function answerOf<Result>(ask: () => Result, mishap: Mishap | undefined): Answer<Result> {
  if (mishap === 'lost') return { error: new Error('connection reset') };
  if (mishap === 'refused') return { error: new NotPerformed('unavailable') };
  try {
    const result = ask();
    return mishap === 'unanswered' ? { error: new Error('connection reset') } : { result };
  } catch (error) {
    return { error: error as Error };
  }
}
