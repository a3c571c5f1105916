// Between one execution and its workflow's log: what goes in, and what comes back.
//
//   K1. What is appended comes into the journal only when the store has acknowledged it.
//   K2. It comes there behind everything that others had addressed to the task before it.
//   K3. Reading and appending are repeated until they are answered: the store may be restarting.

import type { Journal } from '@lockstep/kernel';
import { type NewEvent, type RecordedEvent, type Version } from '@lockstep/kernel';
import type { AppendItem, LogReader, Store } from '@lockstep/store';
import type { ClaimedTask } from '../worker/claimed-task.js';
import { Appender, type Appended } from './appender.js';
import type { Clock } from './clock.js';
import type { Ending } from './ending.js';
import type { ExecutionEvents } from './execution-events.js';
import type { Operations } from './operations.js';
import type { OutboxEntry } from './outbox.js';
import { repeatUntilAnswered } from './repeat.js';
import { WorkflowHistory } from './workflow-history.js';

export interface ChroniclePorts {
  readonly store: Pick<Store, 'append'>;
  readonly log: Pick<LogReader, 'all'>;
  readonly clock: Clock;
  readonly events: ExecutionEvents;
}

export class Chronicle {
  /** The workflow's log from its beginning, for whoever needs more than the journal. */
  readonly history: WorkflowHistory;
  private readonly appender: Appender;
  private wokenAt: Version = 0;

  constructor(
    private readonly claimed: ClaimedTask,
    private readonly journal: Journal,
    private readonly operations: Operations,
    private readonly ports: ChroniclePorts,
    private readonly lost: AbortSignal,
  ) {
    this.appender = new Appender(ports.store, { ...claimed, lost }, ports.clock, ports.events);
    this.history = new WorkflowHistory((from) => this.read(from));
  }

  /** Whether something was addressed to the task that it has not read. */
  get isBehind(): boolean {
    return this.wokenAt > this.journal.readUpTo;
  }

  woken(version: Version): void {
    this.wokenAt = Math.max(this.wokenAt, version);
  }

  /** Reads what was addressed to the task, up to `to` or to the end. */
  async readOn(to?: Version): Promise<void> {
    for (const event of await this.read(this.journal.readUpTo + 1, to)) this.journal.add(event);
    this.wokenAt = 0;
    this.operations.heard();
    this.claimed.seen(this.journal.readUpTo);
  }

  /**
   * Appends what the entries want, and the ending; true when the task is released.
   *
   * @throws ClaimLost when another owns the task, and what else the store refused for good
   */
  append(entries: readonly OutboxEntry[], ending: Ending | undefined): Promise<boolean> {
    const items = itemsOf(entries, ending);
    const options = { readUpTo: this.journal.readUpTo, ...ending?.options };
    return this.appender.append(items, options).then((reply) => {
      if (reply.reply === 'conflict') return told(entries, false);
      const isReleased = ending !== undefined && reply.released;
      const done = (): boolean => {
        this.recorded(items, reply);
        return told(entries, true) && isReleased;
      };
      return this.hasMissed(reply) ? this.readOn(reply.from - 1).then(done) : done(); // K2
    });
  }

  private hasMissed({ wokenAt, from }: Appended): boolean {
    const { readUpTo } = this.journal;
    return from > readUpTo + 1 && (wokenAt > readUpTo || this.operations.listens());
  }

  private recorded(items: readonly AppendItem[], reply: Appended): void {
    for (let at = 0; reply.from + at <= reply.to; at += 1) {
      const event = items[at]?.event;
      if (event) this.journal.add(asRecorded(event, reply.from + at, this.claimed.epoch));
    }
    this.journal.readUpTo = Math.max(this.journal.readUpTo, reply.to);
    this.claimed.seen(this.journal.readUpTo);
  }

  private read(from: Version, to?: Version): Promise<RecordedEvent[]> {
    const { log, clock } = this.ports;
    return repeatUntilAnswered(() => log.all(this.claimed.wf, from, to), clock, this.lost); // K3
  }
}

function itemsOf(
  entries: readonly OutboxEntry[],
  ending: Ending | undefined,
): readonly AppendItem[] {
  const [first, ...more] = entries;
  if (first && more.length === 0 && !ending) return first.items;
  return [...entries.flatMap(({ items }) => items), ...(ending?.items ?? [])];
}

/** Tells each whether it is recorded; answers the same. */
function told(entries: readonly OutboxEntry[], isRecorded: boolean): boolean {
  for (const entry of entries) entry.done(isRecorded);
  return isRecorded;
}

/** What is in the log now, without another read; only the store knows its time. */
const asRecorded = (event: NewEvent, version: Version, epoch: number): RecordedEvent =>
  ({ ...event, version, epoch, atMs: 0 }) as RecordedEvent;
