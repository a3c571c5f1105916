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
    const log = this.partitions.log(wf);
    for (let next = from; to === undefined || next <= to;) {
      const page = await this.redis.xrange(
        log,
        `${next}-0`,
        to === undefined ? '+' : `${to}-0`,
        'COUNT',
        PAGE,
      );
      for (const entry of page) yield parseEntry(entry);
      if (page.length < PAGE) return;
      next = versionOf(page.at(-1)) + 1;
    }
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

  async all(wf: WorkflowId, from: Version = 1, to?: Version): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const event of this.read(wf, from, to)) events.push(event);
    return events;
  }
}

export type StreamEntry = readonly [id: string, fields: readonly string[]];

const versionOf = (entry: StreamEntry | undefined): Version =>
  Number.parseInt(entry?.[0] ?? '0', 10);

/** One entry of a log's stream, as `record` of the library writes it: words, the meta, a newline, the body. */
export function parseEntry(entry: StreamEntry): RecordedEvent {
  const [, [, text = '']] = entry;
  const [type = '', task = '', op = '', epoch = '', at = ''] = text.split(' ', 5);
  const meta = type.length + task.length + op.length + epoch.length + at.length + 5;
  const metaEnd = text.indexOf('\n', meta);
  return {
    version: versionOf(entry),
    type: type as EventType,
    task: task === '-' ? '' : task,
    op: Number(op),
    epoch: Number(epoch),
    atMs: Number(at),
    meta: JSON.parse(text.slice(meta, metaEnd)) as unknown,
    data: text.slice(metaEnd + 1),
  } as RecordedEvent;
}
