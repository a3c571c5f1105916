import type { EffectIntent, EffectVerdict, EventType, RecordedEvent } from '../events/event.js';

/** How far an effect has come, by what its log says. */
export type EffectProgress =
  /** It may be attempted. */
  | { readonly now: 'attempt'; readonly attempt: number }
  /** An attempt may have happened, and no one has recorded what became of it. */
  | {
      readonly now: 'in-doubt';
      readonly intent: EffectIntent;
      /** Whether the times that bound the attempt were waited out before. */
      readonly isSatOut: boolean;
    }
  /** A person said what became of it. */
  | {
      readonly now: 'settled';
      readonly intent: EffectIntent;
      readonly verdict: EffectVerdict;
      /** JSON text. */
      readonly receipt: string;
    };

/**
 * What is to be done about an effect without a result.
 *
 * @param events - everything recorded of its operation, in order
 */
export function effectProgress(events: readonly RecordedEvent[]): EffectProgress {
  let intents = 0;
  let open: EffectProgress | undefined;
  for (const event of events) {
    if (event.type === 'EffectIntended') {
      intents += 1;
      open = { now: 'in-doubt', intent: event.meta, isSatOut: false };
    } else if (event.type === 'AttemptDeferred' && open?.now === 'in-doubt') {
      // Whoever asks the target for admission has sat the attempt out; a process that was busy did not come so far.
      if (event.meta.reason !== 'busy') open = { ...open, isSatOut: true };
    } else if (event.type === 'EffectNotPerformed') {
      open = undefined;
    } else if (event.type === 'EffectSettled' && open?.now === 'in-doubt') {
      const { verdict } = event.meta;
      if (verdict !== 'probe-again') {
        open = { now: 'settled', intent: open.intent, verdict, receipt: event.data };
      }
    }
  }
  return open ?? { now: 'attempt', attempt: intents + 1 };
}

const RESULTS: readonly EventType[] = [
  'EffectCommitted',
  'EffectAdopted',
  'EffectRejected',
  'OperationSkipped',
];

/** The attempt of which nobody knows whether it happened; null when there is none. */
export function intentInDoubt(operation: readonly RecordedEvent[]): EffectIntent | null {
  if (operation.some(({ type }) => RESULTS.includes(type))) return null;
  const progress = effectProgress(operation);
  return progress.now === 'in-doubt' ? progress.intent : null;
}

/**
 * Reasons why an attempt came to nothing that are nobody's failure: its worker was lost, its window had
 * closed, another task held the key. They cost the effect no attempt of its policy.
 */
export const BLAMELESS = { lost: 'AttemptLost', late: 'WindowClosed', held: 'KeyHeld' } as const;

const countsAsFailure = ({ meta }: RecordedEvent<'EffectNotPerformed'>): boolean =>
  !Object.values<string>(BLAMELESS).includes(meta.error[0]?.code ?? '');

/** The attempts of a step or effect that count against its policy, since a person last reopened it; oldest first. */
export const failedAttempts = (events: readonly RecordedEvent[]): readonly RecordedEvent[] =>
  events.filter(
    (event) =>
      event.type === 'StepFailed' ||
      (event.type === 'EffectNotPerformed' && countsAsFailure(event)),
  );
