// An archived workflow: one file of NDJSON. Its first line says whose log it is and what it comes to; each further line
// is one event of it, in order.
//
//   A1. The text follows from the log alone. Archived again, it is the same to the byte and goes under the same name;
//       another log under the same id, as after a loss of data, goes under another.
//   A2. A body stays the text that it was recorded as: a string, never decoded and encoded again.

import { hash } from 'node:crypto';
import { join } from 'node:path';
import { LockstepError } from '@lockstep/contracts';
import {
  evolveView,
  initialView,
  VIEW_LAYOUT,
  viewJson,
  type RecordedEvent,
  type Version,
  type WorkflowId,
  type WorkflowView,
} from '@lockstep/kernel';

/** Of the text below. */
const FORMAT = 1;
/** So much of the digest is in a file's name. */
const DIGEST_IN_NAME = 12;

/** The first line. */
export interface ArchiveHeader {
  readonly archive: typeof FORMAT;
  readonly workflow: WorkflowId;
  readonly tenant: string;
  readonly type: string;
  readonly status: string;
  /** How many events follow: the version of the last. */
  readonly versions: Version;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** SHA-256 of the lines that follow, with their line ends. */
  readonly digest: string;
  /** SHA-256 of the view's JSON text, by the layout of views that it was folded in. */
  readonly view: { readonly layout: number; readonly digest: string };
}

export interface ArchiveText {
  /** Below the archive's folder: `<tenant>/<day of the end, UTC>/<workflow>-<begin of the digest>.ndjson`. */
  readonly path: string;
  readonly text: string;
}

export interface ArchivedWorkflow {
  readonly header: ArchiveHeader;
  readonly events: readonly RecordedEvent[];
  /** Folded from the events. */
  readonly view: WorkflowView;
}

/** A file of an archive is not what was written. */
export class ArchiveBroken extends LockstepError {
  readonly code = 'ArchiveBroken';
  readonly kind = 'defect';
}

/** @param view - of an ended workflow, folded from all of `events` */
export function archiveText(view: WorkflowView, events: readonly RecordedEvent[]): ArchiveText {
  const lines = events.map((event) => `${lineOf(event)}\n`).join('');
  const header = headerOf(view, hash('sha256', lines));
  const day = new Date(header.endedAtMs).toISOString().slice(0, 'yyyy-mm-dd'.length);
  const name = `${header.workflow}-${header.digest.slice(0, DIGEST_IN_NAME)}.ndjson`;
  return { path: join(header.tenant, day, name), text: `${JSON.stringify(header)}\n${lines}` };
}

/**
 * Reads what {@link archiveText} made, and verifies it: the digest of the log, that no version is missing, and that it
 * folds to what the first line says.
 *
 * @throws ArchiveBroken which says what is wrong
 */
export function readArchived(text: string): ArchivedWorkflow {
  const end = text.indexOf('\n') + 1;
  const header = parse(text.slice(0, end)) as ArchiveHeader;
  verify('the form', header.archive, FORMAT);
  const lines = text.slice(end);
  verify('the digest of its events', hash('sha256', lines), header.digest);
  const events = lines.split('\n').slice(0, -1).map(parse) as RecordedEvent[];
  verify('the number of its events', events.length, header.versions);
  events.forEach(({ version }, before) => {
    verify('the version of an event', version, before + 1);
  });
  const view = evolveView(initialView(header.workflow), events);
  verifyFold(header, headerOf(view, header.digest));
  return { header, events, view };
}

function headerOf(view: WorkflowView, digest: string): ArchiveHeader {
  const { id: workflow, tenant, type, status, version, startedAtMs, endedAtMs } = view;
  return {
    ...{ archive: FORMAT, workflow, tenant, type, status, versions: version },
    ...{ startedAtMs, endedAtMs: endedAtMs ?? 0, digest },
    view: { layout: VIEW_LAYOUT, digest: hash('sha256', viewJson(view)) },
  };
}

const lineOf = ({ version, type, task, op, epoch, atMs, meta, data }: RecordedEvent): string =>
  JSON.stringify({ version, type, task, op, epoch, atMs, meta, data }); // A2

/** A later release may show a view in another layout; what it is made of stays. */
function verifyFold(said: ArchiveHeader, folded: ArchiveHeader): void {
  const comparable = said.view.layout === folded.view.layout;
  const view = comparable ? folded.view : said.view;
  verify('what its events fold to', JSON.stringify({ ...folded, view }), JSON.stringify(said));
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new ArchiveBroken('a line is no JSON', { line: line.slice(0, 80) }, { cause });
  }
}

function verify(what: string, found: unknown, expected: unknown): void {
  if (found === expected) return;
  const details = { what, found, expected };
  throw new ArchiveBroken(
    `${what}: ${String(found)} is there, ${String(expected)} was written`,
    details,
  );
}
