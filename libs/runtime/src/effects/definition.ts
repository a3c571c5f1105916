import { DEFAULT_RETRY, type RetryPolicy } from '@lockstep/kernel';
import ms, { type StringValue } from 'ms';

/** A time as a person writes it, `'30s'`, or in ms. */
export type Duration = StringValue | number;

export const durationMs = (duration: Duration): number =>
  typeof duration === 'number' ? duration : ms(duration);

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

/** An action on the outside world, as its author describes it. */
export interface EffectSpec<Input, Receipt> {
  /** How much a person must watch it; default `medium`. */
  readonly risk?: Risk | ((input: Input) => Risk);
  /** What a person is shown before it happens. Recorded in the intent. */
  readonly preview?: (input: Input, io: Pick<EffectIo, 'signal'>) => unknown;
  /**
   * Does it, once.
   *
   * @throws NotPerformed when nothing happened and nothing will: another attempt follows by policy
   * @throws Rejected when the outside world said a definite no: it goes to the handler
   * @throws anything else when it may have happened: the effect is in doubt and is probed
   */
  readonly perform: (input: Input, io: EffectIo) => Promise<Receipt>;
  /** Asks the outside world. Without it an effect in doubt waits for a person, unless it deduplicates. */
  readonly probe?: (input: Input, io: EffectIo) => Promise<ProbeAnswer<Receipt>>;
  /** The provider does a thing once per key, however often it is asked; default false. */
  readonly deduplicates?: boolean;
  /** The reverse action. */
  readonly compensate?: (receipt: Receipt, io: EffectIo) => Promise<unknown>;
  /** After this an attempt is given up; default 10 s. */
  readonly timeout?: Duration;
  /** An attempt begins within this time after its intent or not at all; default 1 s. */
  readonly window?: Duration;
  readonly retry?: Partial<RetryPolicy>;
}

/** An effect with its defaults filled in. */
export interface EffectDefinition<Input, Receipt> {
  readonly action: string;
  readonly spec: EffectSpec<Input, Receipt>;
  readonly timeoutMs: number;
  readonly windowMs: number;
  readonly retry: RetryPolicy;
}

/** Declares an effect by the name of its action: what its keys are unique within. */
export function effect<Input, Receipt>(
  action: string,
  spec: EffectSpec<Input, Receipt>,
): EffectDefinition<Input, Receipt> {
  return {
    action,
    spec,
    timeoutMs: durationMs(spec.timeout ?? '10s'),
    windowMs: durationMs(spec.window ?? '1s'),
    retry: { ...DEFAULT_RETRY, ...spec.retry },
  };
}
