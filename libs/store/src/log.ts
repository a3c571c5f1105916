// Reading logs. Writing them is the business of the Function library alone.

import type { Redis } from 'ioredis';
import type { EventType, RecordedEvent, Version, WorkflowId } from '@lockstep/kernel';
import type { Partitions } from './keys.js';

/** Entries a read takes at once, so that no reply is unbounded. */
const PAGE = 1000;
// Who reads back looks for something near the end.
const BACK_PAGE = 16;

export class LogReader {
  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {}

  /**
   * Events of a workflow in order, from `from` up to and including `to`.
   *
   * @param from - default 1
   * @param to - default: the last one
   */
  async *read(wf: WorkflowId, from: Version = 1, to?: Version): AsyncGenerator<RecordedEvent> {
    for await (const page of this.pages(wf, from, to)) yield* page;
  }

  /** Events of a workflow, the newest first. */
  async *readBack(wf: WorkflowId): AsyncGenerator<RecordedEvent> {
    const log = this.partitions.log(wf);
    for (let next = '+'; ;) {
      const page = await this.redis.xrevrange(log, next, '-', 'COUNT', BACK_PAGE);
      for (const entry of page) yield parseEntry(entry);
      if (page.length < BACK_PAGE) return;
      next = `${versionOf(page.at(-1)) - 1}-0`;
    }
  }

  /** As {@link read}, together. */
  async all(wf: WorkflowId, from: Version = 1, to?: Version): Promise<RecordedEvent[]> {
    const pages: RecordedEvent[][] = [];
    for await (const page of this.pages(wf, from, to)) pages.push(page);
    return pages.length === 1 ? (pages[0] ?? []) : pages.flat();
  }

  /** While one page is parsed, the next one is on its way. */
  private async *pages(
    wf: WorkflowId,
    from: Version,
    to?: Version,
  ): AsyncGenerator<RecordedEvent[]> {
    for (let asked: Promise<StreamEntry[]> | null = this.page(wf, from, to); asked;) {
      const page: StreamEntry[] = await asked;
      const last = versionOf(page.at(-1));
      asked = page.length < PAGE || last === to ? null : this.page(wf, last + 1, to);
      asked?.catch(() => undefined); // nobody waits for it when the reader has seen enough
      yield page.map(parseEntry);
    }
  }

  private page(wf: WorkflowId, from: Version, to?: Version): Promise<StreamEntry[]> {
    const end = to === undefined ? '+' : `${to}-0`;
    return this.redis.xrange(this.partitions.log(wf), `${from}-0`, end, 'COUNT', PAGE);
  }
}

export type StreamEntry = readonly [id: string, fields: readonly string[]];

const versionOf = (entry: StreamEntry | undefined): Version =>
  Number.parseInt(entry?.[0] ?? '0', 10);

const TYPES = new Map<string, EventType>();

/** The same string each time: to compare it with others, and to look it up, is then to compare its place in memory. */
function typeOf(text: string): EventType {
  const type = TYPES.get(text) ?? (text as EventType);
  TYPES.set(type, type);
  return type;
}

/** One entry of a log's stream, as `record` of the library writes it: words, the meta, a newline, the body. */
export function parseEntry(entry: StreamEntry): RecordedEvent {
  const [, [, text = '']] = entry;
  const [type = '', task = '', op = '', epoch = '', at = ''] = text.split(' ', 5);
  const meta = type.length + task.length + op.length + epoch.length + at.length + 5;
  const metaEnd = text.indexOf('\n', meta);
  return {
    version: versionOf(entry),
    type: typeOf(type),
    task: task === '-' ? '' : task,
    op: Number(op),
    epoch: Number(epoch),
    atMs: Number(at),
    meta: JSON.parse(text.slice(meta, metaEnd)) as unknown,
    data: text.slice(metaEnd + 1),
  } as RecordedEvent;
}
