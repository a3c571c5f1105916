// How a worker comes to its deliveries.
//
//   I1. What was read and not claimed stays pending, and is reclaimed by whoever looks after some seconds.
//   I2. No more is handed out than was asked for.
//   I3. A message that cannot be read is buried after a few deliveries, never dropped: another release may
//       have understood it.
//   I4. A reader that leaves is removed by the store, and only while it has nothing pending: a read of its own that was
//       still on its way may bring it something after it has looked, which would go with it.

import type { Redis } from 'ioredis';
import type { TaskId, Version, WorkerId, WorkflowId } from '@lockstep/kernel';
import { Lanes, type Look, type Stream } from './lanes.js';
import { GROUP, type Store } from './store.js';

/** A task that was delivered to a role: what `claim` wants to know. */
export interface Delivery {
  readonly partition: number;
  /** `<role>@<major>`, and behind it what names the lane. */
  readonly inbox: string;
  /** Id of the inbox's entry. */
  readonly message: string;
  readonly wf: WorkflowId;
  readonly task: TaskId;
  /** Of the task's contract. */
  readonly name: string;
  readonly dispatch: number;
  /** Version of the task's TaskScheduled. */
  readonly born: Version;
  /** Only for a process that holds nothing else, and takes nothing until it has released it. */
  readonly alone: boolean;
}

export interface Reclaimed {
  readonly deliveries: readonly Delivery[];
  /** Messages that became dead letters because nobody could read them. */
  readonly buried: number;
  /** Ids of messages that somebody deleted before they were claimed: worth an alarm. */
  readonly vanished: readonly string[];
}

/** Deliveries after which an unreadable message is buried. */
const BURIED_AFTER = 3;

/** More than one process ever reads ahead. */
const MOST_PENDING = 10_000;
/** A consumer that reads nothing; what it has looks as if it had lain there for long. */
const NOBODY = 'nobody';
const FORGOTTEN_MS = 3_600_000;

/** Reads the inboxes of one role. Its connection is its own: a blocking read monopolises it. */
export class InboxReader {
  private readonly lanes: Lanes;
  private surplus: Delivery[] = [];
  private reclaims = 0;

  /** @param inboxes - `<role>@<major>` each */
  constructor(
    private readonly connection: Redis,
    private readonly store: Store,
    private readonly consumer: WorkerId,
    inboxes: readonly string[],
  ) {
    this.lanes = new Lanes(store.partitions, inboxes);
  }

  private get streams(): readonly Stream[] {
    return this.lanes.all.streams;
  }

  /** Creates the consumer groups that are missing; a group begins at the oldest message. */
  async open(): Promise<void> {
    await Promise.all(this.streams.map(({ key }) => this.createGroup(key)));
  }

  /**
   * New deliveries, at most `count`.
   *
   * @param blockMs - how long to wait for the first; whole, above 0
   * @returns none when none came in time
   */
  async read({ count, blockMs }: { count: number; blockMs: number }): Promise<Delivery[]> {
    if (this.surplus.length > 0) return this.surplus.splice(0, count);
    const found = await this.withGroups(() => this.readStreams(count, blockMs));
    this.surplus = found.splice(count); // I2
    return found;
  }

  /**
   * Deliveries that were read and not claimed for `idleMs`, at most `count` (I1).
   *
   * @param idleMs - some seconds: longer than a claim takes
   */
  async reclaim({ count, idleMs }: { count: number; idleMs: number }): Promise<Reclaimed> {
    const deliveries: Delivery[] = [];
    const vanished: string[] = [];
    let buried = 0;
    for (const stream of this.inTurn()) {
      if (deliveries.length >= count) break;
      const claimed = await this.withGroups(() =>
        this.autoclaim(stream, idleMs, count - deliveries.length),
      );
      vanished.push(...claimed.vanished);
      for (const entry of claimed.entries) {
        const delivery = parseDelivery(stream, entry);
        if (delivery) deliveries.push(delivery);
        else if (await this.buryUnreadable(stream, entry)) buried += 1;
      }
    }
    return { deliveries, buried, vanished };
  }

  /** Removes consumers that have read nothing for `idleMs` and have nothing pending; answers how many. */
  async forget(idleMs: number): Promise<number> {
    const removed = this.streams.map(({ partition, inbox }) =>
      this.store.forget(partition, inbox, idleMs),
    );
    return (await Promise.all(removed)).reduce((sum, count) => sum + count, 0);
  }

  /** Keeps a delivery that is not claimed yet from being reclaimed, from now on as if it had just been read. */
  async keep({ partition, inbox, message }: Delivery): Promise<void> {
    const { connection, consumer, store } = this;
    const key = store.partitions.inbox(partition, inbox);
    await connection.xclaim(key, GROUP, consumer, 0, message, 'JUSTID');
  }

  /** Gives deliveries up, for another reader to reclaim at once. */
  async handOn(deliveries: readonly Delivery[]): Promise<void> {
    const keyOf = ({ partition, inbox }: Delivery): string =>
      this.store.partitions.inbox(partition, inbox);
    await Promise.all(deliveries.map((each) => this.giveUp(keyOf(each), [each.message])));
  }

  /** Hands on what was read and not claimed, and removes the reader (I4). */
  async leave(): Promise<void> {
    this.surplus = [];
    await Promise.all(this.streams.map((stream) => this.leaveStream(stream)));
  }

  private async leaveStream({ key, partition, inbox }: Stream): Promise<void> {
    const { connection, consumer, store } = this;
    const pending = await connection.xpending(key, GROUP, '-', '+', MOST_PENDING, consumer);
    const messages = (pending as [id: string][]).map(([id]) => id);
    if (messages.length > 0) await this.giveUp(key, messages);
    await store.forget(partition, inbox, 0, consumer);
  }

  private async giveUp(key: string, messages: readonly string[]): Promise<void> {
    const { connection } = this;
    await connection.xclaim(key, GROUP, NOBODY, 0, ...messages, 'IDLE', FORGOTTEN_MS, 'JUSTID');
  }

  private async createGroup(key: string): Promise<void> {
    try {
      await this.connection.xgroup('CREATE', key, GROUP, '0', 'MKSTREAM');
    } catch (error) {
      if (!isReply(error, 'BUSYGROUP')) throw error;
    }
  }

  /** A server that lost its data has no groups; the messages that are there now count from the first. */
  private async withGroups<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!isReply(error, 'NOGROUP')) throw error;
      await this.open();
      return read();
    }
  }

  /** COUNT is for each stream: with fewer places than streams, it looks at as many streams as it has places. */
  private async readStreams(count: number, blockMs: number): Promise<Delivery[]> {
    const { all, sharers } = this.lanes;
    const looks = this.lanes.next();
    for (const look of count < sharers ? looks : []) {
      const found = await this.look(look, count);
      if (found.length > 0) return found;
    }
    const found = await this.readFrom(
      all.streams,
      Math.max(1, Math.floor(count / sharers)),
      blockMs,
    );
    this.lanes.saw(all, found);
    return found;
  }

  private async look(look: Look, count: number): Promise<Delivery[]> {
    const { streams } = look;
    let found: Delivery[] = [];
    for (let at = 0; at < streams.length && found.length === 0; at += count) {
      found = await this.readFrom(streams.slice(at, at + count), 1);
    }
    this.lanes.saw(look, found);
    return found;
  }

  private async readFrom(
    streams: readonly Stream[],
    count: number,
    blockMs?: number,
  ): Promise<Delivery[]> {
    const names = [...streams.map(({ key }) => key), ...streams.map(() => '>')];
    const group = ['GROUP', GROUP, this.consumer, 'COUNT', count] as const;
    const reply = (await (blockMs === undefined
      ? this.connection.xreadgroup(...group, 'STREAMS', ...names)
      : this.connection.xreadgroup(...group, 'BLOCK', blockMs, 'STREAMS', ...names))) as
      StreamReply[] | null;
    return (reply ?? []).flatMap(([key, entries]) => {
      const stream = streams.find((candidate) => candidate.key === key);
      return stream ? entries.flatMap((entry) => parseDelivery(stream, entry) ?? []) : [];
    });
  }

  private async autoclaim(stream: Stream, idleMs: number, count: number): Promise<Autoclaimed> {
    const { connection, consumer } = this;
    const claim = connection.xautoclaim(stream.key, GROUP, consumer, idleMs, '0', 'COUNT', count);
    const [, entries, vanished] = (await claim) as [string, StreamEntry[], string[]];
    return { entries, vanished };
  }

  private async buryUnreadable(stream: Stream, [id, fields]: StreamEntry): Promise<boolean> {
    const pending = await this.connection.xpending(stream.key, GROUP, id, id, 1);
    const deliveries = (pending as [unknown, unknown, unknown, number][])[0]?.[3] ?? 0;
    if (deliveries < BURIED_AFTER) return false; // I3
    const found = { reason: 'UnreadableMessage', inbox: stream.inbox, message: id, fields };
    await this.store.bury(stream.partition, stream.inbox, id, found);
    return true;
  }

  /** All streams, each time beginning with the next, so that none is always last. */
  private inTurn(): readonly Stream[] {
    const { streams } = this;
    this.reclaims = (this.reclaims + 1) % streams.length;
    return [...streams.slice(this.reclaims), ...streams.slice(0, this.reclaims)];
  }
}

type StreamEntry = readonly [id: string, fields: readonly string[]];
type StreamReply = readonly [key: string, entries: readonly StreamEntry[]];

interface Autoclaimed {
  readonly entries: readonly StreamEntry[];
  readonly vanished: readonly string[];
}

const isReply = (error: unknown, code: string): boolean =>
  error instanceof Error && error.message.startsWith(code);

/** Undefined when the entry is none that this release understands. */
function parseDelivery(stream: Stream, [message, fields]: StreamEntry): Delivery | undefined {
  const [kind, reference = ''] = fields;
  const [wf, task, name, dispatch, born, alone, ...more] = reference.split(' ');
  if (kind !== 'task' || fields.length !== 2 || alone === undefined || more.length > 0)
    return undefined;
  return {
    partition: stream.partition,
    inbox: stream.inbox,
    message,
    wf: wf as WorkflowId,
    task: task as TaskId,
    name: name ?? '',
    dispatch: Number(dispatch),
    born: Number(born),
    alone: alone === '1',
  };
}
