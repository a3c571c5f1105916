import { LockstepError } from '@lockstep/contracts';

/** An attempt took longer than it may. */
export class TimedOut extends LockstepError {
  readonly code = 'TimedOut';
  readonly kind = 'transient';

  constructor(what: string, limitMs: number) {
    super(`${what} took longer than ${limitMs} ms`, { limitMs });
  }
}
