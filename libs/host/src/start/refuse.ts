import { LockstepError } from '@lockstep/contracts';

/** Tells in one sentence why a service cannot start, and ends the process with status 1. */
export function refuseToStart(name: string, error: unknown): never {
  process.stderr.write(`${name} cannot start: ${reasonOf(error)}\n`);
  process.exit(1);
}

/** A stack says nothing about an error that we throw on purpose or the system did, and all about another. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const tellsAll = error instanceof LockstepError || 'syscall' in error;
  return tellsAll ? error.message : (error.stack ?? error.message);
}
