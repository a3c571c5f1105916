// Gathers calls, so that their cost is shared.
//
//   B1. What is asked of one group in the same turn of the event loop goes in one call; nothing waits longer.
//   B2. A call stays small enough not to hold up a server: more than that is asked in several.
//   B3. When the server cannot work on a call of several, each is asked again by itself: one of them does not
//       spoil the others. Every operation may be repeated (S12).

export interface BatchedCall<Item, Reply> {
  /** Items of one group may go in one call. */
  readonly groupOf: (item: Item) => string;
  /** Size of what is sent; unit: characters, about. */
  readonly weigh: (item: Item) => number;
  /** Asks for items of one group; the replies come in their order. */
  readonly send: (items: readonly Item[]) => Promise<readonly Reply[]>;
}

const MOST_ITEMS = 64;
const MOST_WEIGHT = 256 * 1024;

interface Asked<Item, Reply> {
  readonly item: Item;
  readonly done: (reply: Reply) => void;
  readonly failed: (error: unknown) => void;
}

interface Batch<Item, Reply> {
  readonly asked: Asked<Item, Reply>[];
  weight: number;
}

export class Batches<Item, Reply> {
  private readonly open = new Map<string, Batch<Item, Reply>>();

  constructor(private readonly call: BatchedCall<Item, Reply>) {}

  ask(item: Item): Promise<Reply> {
    return new Promise((done, failed) => {
      const group = this.call.groupOf(item);
      const weight = this.call.weigh(item);
      const batch = this.batchFor(group, weight);
      batch.asked.push({ item, done, failed });
      batch.weight += weight;
    });
  }

  private batchFor(group: string, weight: number): Batch<Item, Reply> {
    const open = this.open.get(group);
    if (open && open.asked.length < MOST_ITEMS && open.weight + weight <= MOST_WEIGHT) return open; // B2
    if (open) void this.send(open.asked);
    else if (this.open.size === 0) setImmediate(this.sendAll); // B1
    const batch: Batch<Item, Reply> = { asked: [], weight: 0 };
    this.open.set(group, batch);
    return batch;
  }

  private readonly sendAll = (): void => {
    const batches = [...this.open.values()];
    this.open.clear();
    for (const { asked } of batches) void this.send(asked);
  };

  private async send(asked: readonly Asked<Item, Reply>[]): Promise<void> {
    try {
      const replies = await this.call.send(asked.map(({ item }) => item));
      asked.forEach(({ done }, at) => {
        done(replies[at] as Reply);
      });
    } catch (error) {
      if (asked.length > 1 && isReplyError(error))
        this.sendEach(asked); // B3
      else for (const { failed } of asked) failed(error);
    }
  }

  private sendEach(asked: readonly Asked<Item, Reply>[]): void {
    for (const each of asked) void this.send([each]);
  }
}

/** The server answered, and not that the connection was lost. */
const isReplyError = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ReplyError';
