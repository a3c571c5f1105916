import { LockstepError } from '@lockstep/contracts';

/** A rollback came to an effect that nobody has told how to undo. */
export class CannotUndo extends LockstepError {
  readonly code = 'CannotUndo';
  readonly kind = 'permanent';

  constructor(action: string, key: string, why: string) {
    super(
      `effect ${action} ${key} cannot be undone: ${why}. Undo it by hand and skip it, ` +
        'or release an agent that can and run the task again',
      { action, key },
    );
  }
}

/** An effect that can be undone was used by an agent that a rollback would not find it at. */
export class UnlistedEffect extends LockstepError {
  readonly code = 'UnlistedEffect';
  readonly kind = 'permanent';

  constructor(action: string, role: string) {
    super(
      `effect ${action} says how it is undone, and no agent of ${role} lists it: ` +
        'give the class with @Agent a property `effects = [...]` with it, so that a rollback finds it',
      { action, role },
    );
  }
}
