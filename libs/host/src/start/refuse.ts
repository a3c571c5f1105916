import { LockstepError } from '@lockstep/contracts';

/** Tells in one sentence why a service cannot start, and ends the process with status 1. */
export function refuseToStart(name: string, error: unknown): never {
  process.stderr.write(`${name} cannot start: ${reasonOf(error)}\n`);
  process.exit(1);
}

/** A stack says nothing about an error that we throw on purpose, and all about one that we do not. */
function reasonOf(error: unknown): string {
  if (error instanceof LockstepError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
