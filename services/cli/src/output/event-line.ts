// One event of a log as one line.

import { errorText, type ToldError } from './error-text.js';
import type { Output } from './output.js';
import { oneLine } from './table.js';
import { clockText } from './times.js';

/** An event as the gateway tells it. */
export interface EventJson {
  readonly version: number;
  readonly type: string;
  readonly task: string;
  readonly op: number;
  readonly atMs: number;
  readonly meta: EventFacts;
}

/** What is told of an event's meta, where it has it. */
interface EventFacts {
  readonly role?: string;
  readonly name?: string;
  readonly action?: string;
  readonly key?: string;
  readonly reason?: string;
  readonly by?: unknown;
  readonly verdict?: string;
  readonly worker?: string;
  readonly type?: string;
  /** A task; or a version, which the event's own columns tell better. */
  readonly to?: unknown;
  readonly fields?: readonly string[];
  readonly error?: readonly ToldError[];
}

const VERSION_WIDTH = 5;
const TYPE_WIDTH = 18;
const TASK_WIDTH = 8;

export function eventLine(event: EventJson, out: Output): string {
  const { version, type, task, op, atMs, meta } = event;
  const operation = op === 0 ? task : `${task}#${op}`;
  const about = oneLine(aboutText(meta));
  if (!out.isTerminal) return [version, clockText(atMs, out), type, operation, about].join('\t');
  const columns = [
    out.dim(String(version).padStart(VERSION_WIDTH)),
    out.dim(clockText(atMs, out)),
    out.paint(colourOf(type), type.padEnd(TYPE_WIDTH)),
    operation.padEnd(TASK_WIDTH),
    about,
  ];
  return columns.join('  ').trimEnd();
}

function aboutText(meta: EventFacts): string {
  const { role, name, action, key, reason, by, verdict, worker, type, to, fields, error } = meta;
  const parts = [
    role === undefined ? name : `${role}.${name ?? ''}`,
    action === undefined ? undefined : `${action} ${key ?? ''}`,
    ...[type, worker, typeof to === 'string' ? to : undefined, verdict, reason, fields?.join(' ')],
    error === undefined ? undefined : errorText(error),
    typeof by === 'string' ? `by ${by}` : undefined,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}

const FAILED = /Failed|Parked|InDoubt|Rejected|Expired|TimedOut/;

function colourOf(type: string): 'red' | 'green' | 'cyan' {
  if (FAILED.test(type)) return 'red';
  return type.startsWith('Workflow') ? 'green' : 'cyan';
}
