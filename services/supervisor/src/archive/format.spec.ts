import { describe, expect, it } from '@jest/globals';
import {
  evolveView,
  initialView,
  type EventMeta,
  type EventType,
  type RecordedEvent,
  type TaskId,
  type WorkflowId,
  VIEW_LAYOUT,
} from '@lockstep/kernel';
import fc from 'fast-check';
import { ArchiveBroken, archiveText, readArchived, type ArchiveHeader } from './format.js';

const WF = 'wf-1' as WorkflowId;
const ROOT = 'r' as TaskId;
const START_MS = Date.UTC(2026, 10, 21, 23, 59, 59, 997);
const REQUEST = '{"cents":12345678901234567890,"items":[],"name":"a\\nb \u2028 é"}';

const event = <T extends EventType>(
  version: number,
  type: T,
  task: TaskId | '',
  meta: EventMeta[T],
  data = '',
): RecordedEvent =>
  ({ version, type, task, op: 0, epoch: 0, atMs: START_MS + version, meta, data }) as RecordedEvent;

const logOf = (request: string): RecordedEvent[] => [
  event(1, 'WorkflowStarted', '', { type: 'job', version: 1, tenant: 'acme', root: ROOT }),
  event(
    2,
    'TaskScheduled',
    ROOT,
    { role: 'clerk', major: 1, name: 'do', version: 1, by: null, returnTo: null },
    request,
  ),
  event(3, 'TaskStarted', ROOT, { worker: 'w', claim: 'c', dispatch: 1, alone: false }),
  event(4, 'TaskCompleted', ROOT, { version: 1, returnTo: null }, '{"ok":true}'),
  event(5, 'WorkflowCompleted', '', {}),
];
const archived = (request = REQUEST) => {
  const events = logOf(request);
  return archiveText(evolveView(initialView(WF), events), events);
};

/** The text with its first line changed. */
function withHeader(change: object): string {
  const [first = '', ...lines] = archived().text.split('\n');
  return [JSON.stringify({ ...(JSON.parse(first) as ArchiveHeader), ...change }), ...lines].join(
    '\n',
  );
}

describe('an archived workflow', () => {
  it('G8: is read again as it was, and folds to the same view', () => {
    const { header, events, view } = readArchived(archived().text);
    expect(events).toEqual(logOf(REQUEST));
    expect(view).toEqual(evolveView(initialView(WF), logOf(REQUEST)));
    expect(header).toMatchObject({
      ...{ workflow: WF, tenant: 'acme', type: 'job', status: 'completed', versions: 5 },
      ...{ startedAtMs: START_MS + 1, endedAtMs: START_MS + 4 },
    });
  });

  it('S9: keeps a body to the letter, whatever JSON it is', () => {
    const bodies = fc.json().map((body) => body.slice(0, 200));
    fc.assert(
      fc.property(bodies, (body) => {
        expect(readArchived(archived(body).text).events[1]?.data).toBe(body);
      }),
    );
  });

  it('is one line of JSON an event, and one before them', () => {
    const lines = archived().text.split('\n');
    expect(lines).toHaveLength(1 + 5 + 1);
    expect(lines.pop()).toBe('');
    for (const line of lines) JSON.parse(line);
  });

  it('goes under a name of its tenant, the day of its end, its id and what is in it', () => {
    expect(archived().path).toMatch(/^acme\/2026-11-22\/wf-1-[0-9a-f]{12}\.ndjson$/);
    expect(archived()).toEqual(archived());
    expect(archived('{}').path).not.toBe(archived().path);
  });

  const character = fc.string({ minLength: 1, maxLength: 1 });
  it('is broken when any character of its events is another', () => {
    const { text } = archived();
    const begin = text.indexOf('\n') + 1;
    fc.assert(
      fc.property(fc.integer({ min: begin, max: text.length - 1 }), character, (at, char) => {
        fc.pre(text[at] !== char);
        const changed = text.slice(0, at) + char + text.slice(at + 1);
        expect(() => readArchived(changed)).toThrow(ArchiveBroken);
      }),
    );
  });

  it('is broken when a part of it is missing, wherever it ends', () => {
    const { text } = archived();
    for (let end = 0; end < text.length; end += 1)
      expect(() => readArchived(text.slice(0, end))).toThrow(ArchiveBroken);
  });

  it.each([
    ['archive', 2],
    ['workflow', 'wf-2'],
    ['tenant', 'other'],
    ['type', 'other'],
    ['status', 'cancelled'],
    ['versions', 4],
    ['startedAtMs', 1],
    ['endedAtMs', 1],
    ['digest', '0'.repeat(64)],
    ['view', { layout: VIEW_LAYOUT, digest: '0'.repeat(64) }],
  ])('is broken when its first line says something else: %s', (field, value) => {
    expect(() => readArchived(withHeader({ [field]: value }))).toThrow(ArchiveBroken);
  });

  it('is read by a release that shows views in another layout', () => {
    const { view } = readArchived(withHeader({ view: { layout: 0, digest: 'of that layout' } }));
    expect(view.status).toBe('completed');
  });
});
