import type { LetterMeta } from '@lockstep/kernel';

/** A dead letter as the gateway tells it. */
export interface Letter {
  readonly id: string;
  readonly role: string;
  readonly workflow: string;
  readonly task: string;
  readonly type: string;
  readonly version: number;
  readonly atMs: number;
  /** Cause group. */
  readonly group: string;
  readonly meta: LetterMeta;
  /** What the task was asked. */
  readonly request: unknown;
}

/** Path of a letter, or of what is done with it. */
export const letterPath = (id: string, what = ''): string =>
  `/v1/dead-letters/${encodeURIComponent(id)}${what === '' ? '' : `/${what}`}`;
