import type { ErrorChain } from '../failure/error-chain.js';

/** Why a person holds every open task, and since when. */
export interface HeldView {
  readonly reason: string;
  /** A person, or `limits`. */
  readonly by: string;
  /** Which limit it has gone past; empty when a person holds it. */
  readonly error: ErrorChain;
  readonly sinceMs: number;
}
