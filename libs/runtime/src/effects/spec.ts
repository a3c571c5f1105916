import type { TaskContract } from '@lockstep/contracts';
import type { RetryPolicy } from '@lockstep/kernel';
import type { Target } from '../targets/target.js';
import type { Duration } from './duration.js';

export type Risk = 'low' | 'medium' | 'high';

/** What the outside world answers when it is asked whether an effect happened. */
export type ProbeAnswer<Receipt> =
  { readonly happened: true; readonly receipt: Receipt } | { readonly happened: false } | 'unknown';

export interface EffectIo {
  /** What the provider should know the action by: the same for every attempt of one occurrence. */
  readonly key: string;
  /** Aborted when the attempt's time is over or its claim is lost. */
  readonly signal: AbortSignal;
}

/**
 * An action on the outside world, as its author describes it. What it declares of its provider is its class, and
 * decides what settles it in doubt (E3):
 *
 * | `probe` | `deduplicates` | in doubt |
 * | ------- | -------------- | -------- |
 * | yes     | no             | the outside world is asked |
 * | no      | yes            | it is performed again under the same key |
 * | yes     | yes            | it is asked first, and performed again where it cannot say |
 * | no      | no             | it is never repeated: a person says what became of it |
 */
export interface EffectSpec<Input, Receipt> {
  /** How much a person must watch it; default `medium`. */
  readonly risk?: Risk | ((input: Input) => Risk);
  /** What a person is shown before it happens; a `high` risk must have it. Recorded in the intent. */
  readonly preview?: (input: Input, io: Pick<EffectIo, 'signal'>) => unknown;
  /**
   * Does it, once.
   *
   * @throws NotPerformed when nothing happened and nothing will: another attempt follows by policy
   * @throws Rejected when the outside world said a definite no: it goes to the handler
   * @throws anything else when it may have happened: the effect is in doubt and is probed
   */
  readonly perform: (input: Input, io: EffectIo) => Promise<Receipt>;
  /** Asks the outside world whether it happened. It must be definite, or say `unknown`. */
  readonly probe?: (input: Input, io: EffectIo) => Promise<ProbeAnswer<Receipt>>;
  /** The provider does a thing once per key, however often it is asked; default false. */
  readonly deduplicates?: boolean;
  /** What undoes it in a rollback, by its receipt. Without it a rollback that comes to it waits for a person. */
  readonly compensate?: Reverse<Receipt>;
  /** After this an attempt is given up; default 10 s. */
  readonly timeout?: Duration;
  /** An attempt begins within this time after its intent or not at all; default 1 s. */
  readonly window?: Duration;
  readonly retry?: Partial<RetryPolicy>;
  /** What it acts on: an attempt begins only when that lets it through, and waits at no cost until then. */
  readonly target?: Target;
}

/**
 * How an effect is undone: by an action on the outside world, which is an effect of its own and is known there by
 * another key; by another role's task; or not at all, because what it did may stand.
 */
export type Reverse<Receipt> = ReverseSpec<Receipt> | TaskContract<Receipt, unknown> | 'not-needed';

export type ReverseSpec<Receipt> = Pick<
  EffectSpec<Receipt, unknown>,
  'perform' | 'probe' | 'deduplicates' | 'timeout' | 'window' | 'retry' | 'target'
>;

/** An effect with its defaults filled in. */
export interface EffectDefinition<Input, Receipt> {
  readonly action: string;
  readonly spec: EffectSpec<Input, Receipt>;
  readonly timeoutMs: number;
  readonly windowMs: number;
  readonly retry: RetryPolicy;
}

/** An effect without knowledge of its types; what lists of effects hold. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- input and receipt are as its action has recorded them
export type AnyEffect = EffectDefinition<any, any>;
