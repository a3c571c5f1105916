import {
  causeOf,
  type Cause,
  type LetterMeta,
  type TaskId,
  type Version,
  type WorkflowId,
} from '@lockstep/kernel';
import { digestOf } from '../ids.js';
import type { Place, TaskOfLetter } from './place.js';

/** What could not be done without a person, as it lies with the role where the failure began. */
export interface DeadLetter extends Place, TaskOfLetter {
  readonly tenant: string;
  /** Type of workflow; empty in a letter of an earlier release. */
  readonly type: string;
  /** Version of the workflow when it was written. */
  readonly version: Version;
  readonly atMs: number;
  readonly meta: LetterMeta;
  readonly cause: Cause;
  /** The same for all letters of one cause: `g-` and 12 hexadecimal digits. */
  readonly group: string;
}

/** A message that nobody could read: it belongs to no tenant. */
export interface UnreadableMessage extends Place {
  readonly atMs: number;
  /** What was found: JSON text. */
  readonly found: string;
}

export type StreamEntry = readonly [id: string, fields: readonly string[]];

/** Null when it is a message that nobody could read. */
export function parseLetter(place: Place, fields: readonly string[]): DeadLetter | null {
  const named = namesOf(fields);
  if (!named.wf) return null;
  const meta = { ...UNKNOWN, ...(JSON.parse(named.meta ?? '{}') as Partial<LetterMeta>) };
  const { cause, identity } = causeOf(place.role, meta);
  return {
    ...place,
    ...{ wf: named.wf as WorkflowId, task: named.task as TaskId, tenant: named.tenant ?? '' },
    ...{ type: named.type ?? '', version: Number(named.version), atMs: Number(named.at) },
    ...{ meta, cause, group: `g-${digestOf(identity).slice(0, 12)}` },
  };
}

/** Null when it is a letter of a task. */
export function parseUnreadable(place: Place, fields: readonly string[]): UnreadableMessage | null {
  const { wf, at, meta = '{}' } = namesOf(fields);
  return wf ? null : { ...place, atMs: Number(at), found: meta };
}

/** What letters of an earlier release do not tell. */
const UNKNOWN: LetterMeta = {
  ...{ reason: 'Uncaught', error: [], name: '', operation: null, attempts: 0, seenUpTo: null },
};

function namesOf(fields: readonly string[]): Partial<Record<string, string>> {
  const named: Record<string, string> = {};
  for (let at = 0; at < fields.length; at += 2) named[fields[at] ?? ''] = fields[at + 1] ?? '';
  return named;
}
