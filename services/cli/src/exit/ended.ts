import type { ExitCode } from './exit-codes.js';

/** Ends the command with a status of its own; what there was to tell has been told. */
export class Ended extends Error {
  constructor(readonly exitCode: ExitCode) {
    super(`ended with status ${exitCode}`);
  }
}
