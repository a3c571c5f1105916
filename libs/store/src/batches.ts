// Gathers calls, so that their cost is shared.
//
//   B1. What is asked of one group in the same turn of the event loop goes in one call.
//   B2. A group has one call on its way; what is asked meanwhile goes in the next. A server works on one call after
//       the other, so nothing comes later for it, and under load the calls grow instead of their number.
//   B3. A call stays small enough not to hold up a server.
//   B4. When the server cannot work on a call of several, each is asked again by itself: one of them does not
//       spoil the others. Every operation may be repeated (S12).

export interface BatchedCall<Item, Reply> {
  /** Items of one group may go in one call. */
  readonly groupOf: (item: Item) => string | number;
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

interface Group<Item, Reply> {
  waiting: Asked<Item, Reply>[];
  isUnderWay: boolean;
}

export class Batches<Item, Reply> {
  private readonly groups = new Map<string | number, Group<Item, Reply>>();
  private isScheduled = false;

  constructor(private readonly call: BatchedCall<Item, Reply>) {}

  ask(item: Item): Promise<Reply> {
    return new Promise((done, failed) => {
      const name = this.call.groupOf(item);
      const group = this.groups.get(name) ?? { waiting: [], isUnderWay: false };
      this.groups.set(name, group);
      group.waiting.push({ item, done, failed });
      this.schedule();
    });
  }

  /** B1 */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      for (const [name, group] of this.groups)
        if (!group.isUnderWay) void this.sendNext(name, group);
    });
  }

  private async sendNext(name: string | number, group: Group<Item, Reply>): Promise<void> {
    const asked = this.takeFrom(group);
    group.isUnderWay = true;
    await this.send(asked);
    group.isUnderWay = false;
    if (group.waiting.length > 0) this.schedule();
    else this.groups.delete(name);
  }

  /** B3 */
  private takeFrom(group: Group<Item, Reply>): Asked<Item, Reply>[] {
    let weight = 0;
    const fits = ({ item }: Asked<Item, Reply>, at: number): boolean => {
      weight += this.call.weigh(item);
      return at === 0 || (at < MOST_ITEMS && weight <= MOST_WEIGHT);
    };
    const end = group.waiting.findIndex((asked, at) => !fits(asked, at));
    return group.waiting.splice(0, end === -1 ? group.waiting.length : end);
  }

  private async send(asked: readonly Asked<Item, Reply>[]): Promise<void> {
    try {
      const replies = await this.call.send(asked.map(({ item }) => item));
      asked.forEach(({ done }, at) => {
        done(replies[at] as Reply);
      });
    } catch (error) {
      if (asked.length > 1 && isReplyError(error))
        await this.sendEach(asked); // B4
      else for (const { failed } of asked) failed(error);
    }
  }

  private async sendEach(asked: readonly Asked<Item, Reply>[]): Promise<void> {
    await Promise.all(asked.map((each) => this.send([each])));
  }
}

/** The server answered, and not that the connection was lost. */
const isReplyError = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ReplyError';
