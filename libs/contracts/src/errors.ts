/**
 * What becomes of the message that caused an error.
 *
 * - `rejected`: a rule said no; acknowledge, record why
 * - `conflict`: another writer was first; reload, decide again
 * - `fenced`: a newer claim owns this; let go, do not acknowledge
 * - `transient`: the world is slow; back off, then dead letter
 * - `permanent`: trying again cannot help; dead letter at once
 * - `defect`: a bug or a broken log; stop, park, keep the message
 */
export type ErrorKind = 'rejected' | 'conflict' | 'fenced' | 'transient' | 'permanent' | 'defect';

/** The base of every error that Lockstep throws on purpose. */
export abstract class LockstepError extends Error {
  abstract readonly kind: ErrorKind;
  /** Stable and documented; safe to compare with, unlike the message. */
  abstract readonly code: string;

  /**
   * @param details - facts for logs and dead letters: plain JSON, bounded in size
   * @param options - `cause`: the error behind this one
   */
  constructor(
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}
