import { LockstepError, type ErrorKind } from '@lockstep/contracts';
import type { FailureOrigin } from '../events/event.js';
import { RecordedFailure, type ErrorChain } from './error-chain.js';

/** A called task failed; its chain begins where the failure began to be told. */
export class CallFailed extends RecordedFailure {
  readonly code = 'CallFailed';
  readonly kind: ErrorKind;

  constructor(
    /** The task that was called, as `role.task`. */
    readonly called: string,
    readonly chain: ErrorChain,
    /** Where the failure began. */
    readonly origin: FailureOrigin,
  ) {
    super(`${called} failed: ${chain[0]?.message ?? 'without a reason'}`, { called, origin });
    this.kind = chain[0]?.kind ?? 'permanent';
  }
}

/** The handler wanted this call no more: who worked on it was fenced. */
export class CallCancelled extends LockstepError {
  readonly code = 'CallCancelled';
  readonly kind = 'rejected';

  constructor(called: string, reason: string) {
    super(`${called} was cancelled: ${reason}`, { called, reason });
  }
}

/** A step failed for good: its attempts are used up, or its error cannot be helped by another. */
export class StepFailedForGood extends RecordedFailure {
  readonly code = 'StepFailed';
  readonly kind: ErrorKind;

  constructor(
    readonly step: string,
    readonly attempts: number,
    readonly chain: ErrorChain,
  ) {
    super(`step ${step} failed in attempt ${attempts}: ${chain[0]?.message ?? ''}`, {
      step,
      attempts,
    });
    this.kind = chain[0]?.kind === 'transient' ? 'permanent' : (chain[0]?.kind ?? 'permanent');
  }
}

/** The outside world said a definite no: nothing was done, and the key is free again. */
export class EffectRejected extends RecordedFailure {
  readonly code = 'EffectRejected';
  readonly kind = 'rejected';

  constructor(
    readonly action: string,
    readonly key: string,
    readonly chain: ErrorChain,
  ) {
    super(chain[0]?.message ?? `${action} was rejected`, { action, key });
  }
}

/** Every attempt showed that nothing was done, and there is none left. */
export class EffectExhausted extends RecordedFailure {
  readonly code = 'EffectExhausted';
  readonly kind = 'permanent';

  constructor(
    readonly action: string,
    readonly key: string,
    readonly attempts: number,
    readonly chain: ErrorChain,
  ) {
    super(`${action} was not performed in ${attempts} attempts: ${chain[0]?.message ?? ''}`, {
      action,
      key,
      attempts,
    });
  }
}

/** The same effect key was used with another input. */
export class KeyConflict extends LockstepError {
  readonly code = 'KeyConflict';
  readonly kind = 'rejected';

  constructor(action: string, key: string, owner: { readonly wf: string; readonly task: string }) {
    super(
      `effect ${action} ${key} was asked for with another input before, by task ${owner.task} of ${owner.wf}; ` +
        'one key names one action with one input',
      { action, key, owner },
    );
  }
}

/** Told by `perform`: nothing happened and nothing will, so another attempt is safe. */
export class NotPerformed extends LockstepError {
  readonly code = 'NotPerformed';
  readonly kind = 'transient';

  /** @param retryAfterMs - how long the provider asked to wait, if it did */
  constructor(
    message: string,
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, retryAfterMs === undefined ? {} : { retryAfterMs }, options);
  }
}

/** Told by `perform`: the outside world said a definite no. It goes to the handler, not to a retry. */
export class Rejected extends LockstepError {
  readonly code = 'Rejected';
  readonly kind = 'rejected';
}

/** The handler's operations differ from those that its history records. */
export class NonDeterminism extends LockstepError {
  readonly code = 'NonDeterminism';
  readonly kind = 'defect';
}
