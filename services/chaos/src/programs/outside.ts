// What programs do to the outside world, as effects of each kind.

import {
  type AnyEffect,
  effect,
  type EffectDefinition,
  type EffectIo,
  type EffectSpec,
  type Reverse as ReverseOf,
} from '@lockstep/runtime';
import { type Receipt, roles } from './contracts.js';
import { type Provider, PROVIDERS, type Reverse, REVERSES } from './program.js';

/** What is to be done; the world refuses it where a program says so. */
export interface Deed {
  readonly name: string;
  readonly key: string;
  /** The text with which it is refused. */
  readonly refusal?: string;
}

/** The world that programs act on; it knows each deed by the key of its effect. */
export interface OutsideWorld {
  /** @throws as `perform` of an effect does */
  act(deed: Deed, io: EffectIo): Promise<void>;
  /** @throws when it cannot say */
  hasActed(deed: Deed, io: EffectIo): Promise<boolean>;
}

/** How long an attempt may take, and how often it is tried. */
export type Times = Pick<EffectSpec<unknown, unknown>, 'timeout' | 'window' | 'retry'>;

export type ActEffect = EffectDefinition<Deed, Receipt>;

/** The effects of every agent. */
export class Effects {
  readonly all: readonly AnyEffect[];
  /** Undoes what another role's task is asked to undo, and tells of a rollback. */
  readonly plain: ActEffect;
  readonly #acts = new Map<string, ActEffect>();

  constructor(
    private readonly world: OutsideWorld,
    private readonly times: Times,
  ) {
    this.plain = effect('plain', this.#spec('both', 'none'));
    for (const provider of PROVIDERS) {
      for (const reverse of REVERSES) {
        const action = `${provider}-${reverse}`;
        this.#acts.set(action, effect(action, this.#spec(provider, reverse)));
      }
    }
    this.all = [this.plain, ...this.#acts.values()];
  }

  of(provider: Provider, reverse: Reverse): ActEffect {
    return this.#acts.get(`${provider}-${reverse}`) ?? this.plain;
  }

  #spec(provider: Provider, reverse: Reverse): EffectSpec<Deed, Receipt> {
    return { ...this.#asked(provider), compensate: this.#reverse(provider, reverse) };
  }

  #reverse(provider: Provider, reverse: Reverse): ReverseOf<Receipt> {
    if (reverse === 'none') return 'not-needed';
    return reverse === 'task' ? roles.east.undo : this.#asked(provider);
  }

  #asked(provider: Provider) {
    return {
      ...this.times,
      perform: async ({ name, key, ...deed }: Deed, io: EffectIo): Promise<Receipt> => {
        await this.world.act({ name, key, ...deed }, io);
        return { name, key };
      },
      ...(provider !== 'key' && { probe: this.#probe }),
      deduplicates: provider !== 'probe',
    };
  }

  readonly #probe = async ({ name, key }: Deed, io: EffectIo) => {
    const happened = await this.world.hasActed({ name, key }, io);
    return happened
      ? { happened: true as const, receipt: { name, key } }
      : { happened: false as const };
  };
}
