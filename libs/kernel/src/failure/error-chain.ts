import { LockstepError, type ErrorKind } from '@lockstep/contracts';

/** One error as a log keeps it: enough for a person and for the policy, bounded in size. */
export interface RecordedError {
  readonly name: string;
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An error and its causes, outermost first; at most {@link MAX_CHAIN} long. */
export type ErrorChain = readonly RecordedError[];

export const MAX_CHAIN = 8;
const MAX_MESSAGE_CHARS = 1000;

/**
 * The chain of `error` and its causes. An error that is not ours is `transient` with its own name as
 * code: nothing is known of it, and a bounded retry is what a user expects.
 */
export function chainOf(error: unknown): ErrorChain {
  const chain: RecordedError[] = [];
  for (let next: unknown = error; next !== undefined && chain.length < MAX_CHAIN;) {
    if (next instanceof RecordedFailure) return [...chain, ...next.chain].slice(0, MAX_CHAIN);
    chain.push(recorded(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return chain;
}

function recorded(error: unknown): RecordedError {
  if (!(error instanceof Error)) {
    return { name: 'Thrown', code: 'Thrown', kind: 'transient', message: bounded(String(error)) };
  }
  const { name } = error;
  const message = bounded(error.message);
  if (!(error instanceof LockstepError)) return { name, code: name, kind: 'transient', message };
  const { code, kind, details } = error;
  return Object.keys(details).length === 0
    ? { name, code, kind, message }
    : { name, code, kind, message, details };
}

const bounded = (text: string): string =>
  text.length <= MAX_MESSAGE_CHARS ? text : `${text.slice(0, MAX_MESSAGE_CHARS)}…`;

/** An error that was read back from a log: what a handler catches on replay and live alike. */
export abstract class RecordedFailure extends LockstepError {
  abstract readonly chain: ErrorChain;
}
