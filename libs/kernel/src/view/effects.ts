import type { OperationNumber, RecordedEvent, TaskId, Version } from '../events/event.js';
import type { ErrorChain } from '../failure/error-chain.js';

export type EffectStatus =
  /** An attempt is under way. */
  | 'open'
  /** It may or may not have happened. */
  | 'in-doubt'
  /** This attempt did not happen; another follows. */
  | 'retrying'
  /** It happened, and its receipt is kept. */
  | 'done'
  /** It happened, and was undone. */
  | 'compensated'
  /** Another task or workflow did it; its receipt is used. */
  | 'adopted'
  /** The outside world said a definite no. */
  | 'rejected'
  /** It did not happen, and no attempt is left. */
  | 'not-performed'
  /** It did not happen, and a person gave the task a receipt in its place. */
  | 'skipped';

export interface EffectView {
  readonly task: TaskId;
  readonly op: OperationNumber;
  readonly action: string;
  readonly key: string;
  readonly status: EffectStatus;
  readonly risk: 'low' | 'medium' | 'high';
  /** SHA-256 of the input's JSON text. */
  readonly inputDigest: string;
  readonly attempts: number;
  /** Version of its EffectCommitted; null before, and when the receipt is another's. */
  readonly committedAt: Version | null;
  /** Which of the key's occurrences it is; null before it happened. */
  readonly occurrence: number | null;
  /** Who says that it happened; null before. */
  readonly by: 'attempt' | 'probe' | 'person' | null;
  /** Whose receipt was adopted; null unless one was. */
  readonly from: { readonly workflow: string; readonly task: string } | null;
  /** Of the last attempt that came to nothing or stayed in doubt. */
  readonly error: ErrorChain | null;
  /** Since when it may or may not have happened, also while it is tried again; null when that is certain. */
  readonly doubtSinceMs: number | null;
  /** Of its last event. */
  readonly atMs: number;
}

/** Events after which nobody acts for the task: what was open is in doubt from then on. */
const LEAVES_IN_DOUBT = new Set([
  'LeaseExpired',
  'AttemptTimedOut',
  'TaskReleased',
  'TaskParked',
  'CancelRequested',
  'RollbackStarted',
]);

/** The effects of a workflow after one more event. */
export function evolveEffects(
  effects: readonly EffectView[],
  event: RecordedEvent,
): readonly EffectView[] {
  if (event.type === 'EffectIntended') return intended(effects, event);
  if (effects.length === 0) return effects;
  if (LEAVES_IN_DOUBT.has(event.type)) return inDoubt(effects, event);
  const change = changed(event);
  if (change === undefined) return effects;
  const at = effects.findLastIndex((effect) => isAbout(event, effect));
  const effect = effects[at];
  return effect
    ? effects.with(at, { ...effect, ...change, ...doubtOf(effect, change, event) })
    : effects;
}

/** An attempt that stays in doubt goes on with the doubt that there was; any other outcome ends it. */
const doubtOf = (
  { doubtSinceMs }: EffectView,
  { status }: Partial<EffectView>,
  { atMs }: RecordedEvent,
): Pick<EffectView, 'atMs' | 'doubtSinceMs'> => ({
  atMs,
  doubtSinceMs: status === 'in-doubt' ? (doubtSinceMs ?? atMs) : null,
});

/** One operation may come to another effect after its task was reopened under new code: both are kept. */
function intended(
  effects: readonly EffectView[],
  { task, op, atMs, meta }: RecordedEvent<'EffectIntended'>,
): readonly EffectView[] {
  const { action, key, risk, inputDigest, attempt } = meta;
  const at = effects.findIndex(
    (effect) =>
      effect.task === task && effect.op === op && effect.action === action && effect.key === key,
  );
  const intent: EffectView = {
    ...{ task: task as TaskId, op, action, key, risk, inputDigest, atMs },
    ...{ status: 'open', attempts: attempt, occurrence: null, by: null, from: null },
    committedAt: null,
    error: effects[at]?.error ?? null,
    doubtSinceMs: effects[at]?.doubtSinceMs ?? null,
  };
  return at < 0 ? [...effects, intent] : effects.with(at, intent);
}

function inDoubt(
  effects: readonly EffectView[],
  { task, atMs }: RecordedEvent,
): readonly EffectView[] {
  return effects.map((effect) =>
    effect.status === 'open' && (task === '' || effect.task === task)
      ? { ...effect, status: 'in-doubt', atMs, doubtSinceMs: effect.doubtSinceMs ?? atMs }
      : effect,
  );
}

function isAbout(event: RecordedEvent, { task, op, committedAt }: EffectView): boolean {
  if (event.type === 'EffectCompensated') return committedAt === event.meta.of;
  return task === event.task && op === event.op;
}

function changed(event: RecordedEvent): Partial<EffectView> | undefined {
  switch (event.type) {
    case 'EffectCommitted': {
      const { occurrence, by } = event.meta;
      return { status: 'done', occurrence, by, error: null, committedAt: event.version };
    }
    case 'EffectAdopted': {
      const { occurrence, from } = event.meta;
      return { status: 'adopted', occurrence, from, error: null };
    }
    case 'EffectCompensated':
      return { status: 'compensated' };
    case 'OperationSkipped':
      return { status: 'skipped' };
    case 'EffectNotPerformed': {
      const { error, retryInMs } = event.meta;
      return { status: retryInMs === null ? 'not-performed' : 'retrying', error };
    }
    case 'EffectRejected':
      return { status: 'rejected', error: event.meta.error };
    case 'EffectInDoubt':
      return { status: 'in-doubt', error: event.meta.error };
    default:
      return undefined;
  }
}
