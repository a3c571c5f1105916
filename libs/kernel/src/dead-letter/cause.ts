// Which dead letters have one cause: the same error at the same place.
//
//   D1. What differs from one case to the next (numbers, ids, keys, addresses) is no part of a cause.
//   D2. A cause is computed when a letter is read, never stored: letters of the store's own functions have it too, and
//       a later release that groups better groups the old ones as well.

import { canonicalJson } from '../canonical/canonical-json.js';
import type { LetterMeta } from './letter.js';

/** What a person calls the cause by. */
export interface Cause {
  readonly role: string;
  /** The task, as its role names it. */
  readonly name: string;
  /** The operation of the task, as in `step classify` or `effect refund`; null when it was the handler itself. */
  readonly operation: string | null;
  /** Of the outermost error. */
  readonly code: string;
  /** Of the outermost error, with `#` for what differs from one case to the next. */
  readonly message: string;
}

/** A cause, and the text that two letters share exactly when they have the same one. */
export interface CauseGroup {
  readonly cause: Cause;
  readonly identity: string;
}

type CauseFacts = Pick<LetterMeta, 'reason' | 'error' | 'name' | 'operation'>;

const MESSAGE_CHARS = 200;

/** The cause of what a role's dead letter tells. */
export function causeOf(role: string, { reason, error, name, operation }: CauseFacts): CauseGroup {
  const [outermost] = error;
  const chain = error.map(({ code, message }) => [code, withoutParticulars(message)]);
  const code = outermost?.code ?? reason;
  const message = withoutParticulars(outermost?.message ?? '');
  return {
    cause: { role, name, operation, code, message },
    identity: canonicalJson([role, name, operation, reason, chain]),
  };
}

/** Words with a digit are ids, numbers and times; those with an `@` are addresses (D1). */
const PARTICULAR = /[^\s"'«»“”()[\]{},;:=<>]*[\d@][^\s"'«»“”()[\]{},;:=<>]*/g;

const withoutParticulars = (message: string): string =>
  message
    .replaceAll(PARTICULAR, '#')
    .replaceAll(/#(?:[\s:,]*#)+/g, '#')
    .slice(0, MESSAGE_CHARS);
