import { LockstepError } from '@lockstep/contracts';

/** An effect may or may not have happened, and only a person can say. */
export class EffectInDoubt extends LockstepError {
  readonly code = 'EffectInDoubt';
  readonly kind = 'permanent';

  constructor(action: string, key: string, reason: string) {
    super(
      `effect ${action} ${key} is in doubt: ${reason}. Look at the outside world, and settle it: ` +
        'it happened (with its receipt), it did not, or probe again',
      { action, key },
    );
  }
}

/** Why an attempt came to nothing without anybody's failure; `code` is one of the kernel's `BLAMELESS`. */
export class Blameless extends LockstepError {
  readonly kind = 'transient';

  constructor(
    readonly code: string,
    reason: string,
  ) {
    super(reason);
  }
}
