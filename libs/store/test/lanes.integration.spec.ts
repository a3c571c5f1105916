import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import fc from 'fast-check';
import {
  BULK,
  DEFAULT_LIMITS,
  InboxReader,
  Partitions,
  Store,
  type Delivery,
} from '../src/index.js';
import { called, event } from './support/events.js';
import type { HeldByTest } from './support/held-by-test.js';
import { claimed, INBOX, LIBRARY, Scene, startOf, W1 } from './support/scene.js';

const LIMITS = { ...DEFAULT_LIMITS, crashBudget: 2 };
const IN_BULK = INBOX + BULK;
/** A workflow with more open tasks is wide. */
const WIDE = 64;
const SOON = { blockMs: 20 };

describe('the lanes of an inbox', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  const storeOf = (partitions: Partitions): Store =>
    new Store(scene.redis, partitions, LIMITS, LIBRARY);

  const readerOf = async (store: Store): Promise<InboxReader> => {
    const inboxes = new InboxReader(scene.redis, store, W1, [INBOX]);
    await inboxes.open();
    return inboxes;
  };

  /** A workflow that calls so many tasks with one append each hundred. */
  const wide = async (store: Store, children: number): Promise<HeldByTest> => {
    const root = await claimed(store);
    for (let from = 1; from <= children; from += 100) {
      const ops = Array.from({ length: Math.min(100, children - from + 1) }, (_, at) => from + at);
      await root.append(ops.map((op) => called(root.task, op)));
    }
    return root;
  };

  const small = async (store: Store): Promise<WorkflowId> => {
    const start = startOf();
    await store.start(start);
    return start.wf;
  };

  const claim = (store: Store, delivery: Delivery) =>
    store.claim({
      ...{
        wf: delivery.wf,
        task: delivery.task,
        dispatch: delivery.dispatch,
        inbox: delivery.inbox,
      },
      ...{ message: delivery.message, worker: W1, beat: 1, deadlineMs: 1000 },
      claim: `c${delivery.message}` as never,
    });

  it('the tasks of a wide workflow lie in the bulk lane, however many appends scheduled them', async () => {
    const { wf } = await wide(storeOf(scene.partitions), 250);
    await scene.start();
    const [front, bulk] = [await scene.inbox(), await scene.inbox(IN_BULK)];
    expect(front.filter((message) => message.wf === wf)).toHaveLength(WIDE);
    expect(bulk.map(({ task }) => task)).toEqual(
      Array.from({ length: 250 - WIDE + 1 }, (_, at) => `r.${WIDE + at}`),
    );
    expect(front).toHaveLength(WIDE + 1);
  });

  it('one task of another waits for one message of a thousand, and no longer', async () => {
    const store = storeOf(scene.partitions);
    await wide(store, 1000);
    await scene.redis.del(scene.partitions.inbox(0, INBOX)); // those that came before it was wide
    const inboxes = await readerOf(store);
    for (let reads = 0; reads < 40; reads += 1) await inboxes.read({ count: 1, ...SOON });
    const wf = await small(store);
    const next = [
      ...(await inboxes.read({ count: 1, ...SOON })),
      ...(await inboxes.read({ count: 1, ...SOON })),
    ];
    expect(next.map((delivery) => delivery.wf)).toContain(wf);
  });

  it('the thousand wait for one message of the others, and no longer', async () => {
    const store = storeOf(scene.partitions);
    const root = await wide(store, 300);
    const inboxes = await readerOf(store);
    const read: string[] = [];
    while (read.length < 600) {
      await small(store);
      await small(store); // new work comes faster than one place works it off
      for (const { wf } of await inboxes.read({ count: 1, ...SOON })) read.push(wf);
    }
    expect(read.filter((wf) => wf === root.wf).length).toBeGreaterThan(280);
  });

  it('S4: a message of the bulk lane is acknowledged there, and removed', async () => {
    const store = storeOf(scene.partitions);
    await wide(store, WIDE);
    const [delivery] = await bulkOnly(await readerOf(store));
    const replies = await scene.twice(() => claim(store, delivery!));
    expect(replies).toMatchObject([{ reply: 'ok' }, { reply: 'ok' }]);
    expect(await scene.inbox(IN_BULK)).toEqual([]);
    expect(await scene.redis.xpending(scene.partitions.inbox(0, IN_BULK), 'lockstep')).toEqual([
      0,
      null,
      null,
      null,
    ]);
  });

  it('I1: what was read from the bulk lane and not claimed is reclaimed, and can be handed on', async () => {
    const store = storeOf(scene.partitions);
    await wide(store, WIDE);
    const inboxes = await readerOf(store);
    const [delivery] = await bulkOnly(inboxes);
    await inboxes.handOn([delivery!]);
    const { deliveries } = await inboxes.reclaim({ count: 500, idleMs: 60_000 });
    expect(deliveries).toEqual([delivery]);
  });

  it('I3: a message of the bulk lane that nobody can read is buried at its role', async () => {
    const inboxes = await readerOf(storeOf(scene.partitions));
    await scene.redis.xadd(scene.partitions.inbox(0, IN_BULK), '*', 'shape', 'new');
    await inboxes.read({ count: 1, ...SOON });
    await inboxes.reclaim({ count: 1, idleMs: 0 });
    await inboxes.reclaim({ count: 1, idleMs: 0 });
    expect(await scene.inbox(IN_BULK)).toEqual([]);
    expect(await scene.redis.xlen(scene.partitions.dead(0, 'orders'))).toBe(1);
  });

  it('timers that are due at once fire in the order in which they were due, and wake a burst into the bulk lane', async () => {
    const due: WorkflowId[] = [];
    for (let at = 0; at < 30; at += 1) {
      const root = await scene.held();
      const delayMs = 1000 - at; // set last, due first
      await root.append([{ ...event(root.task, 'TimerSet', { delayMs }, 1), timerMs: delayMs }]);
      await root.suspend({ any: [1] });
      due.unshift(root.wf);
    }
    await scene.pass(3_600_000);
    await scene.store.fire(0, 20);
    await scene.store.fire(0, 20);
    const [front, bulk] = [await scene.inbox(), await scene.inbox(IN_BULK)];
    expect(front.map(({ wf }) => wf)).toEqual([...due.slice(0, 16), ...due.slice(20, 30)]);
    expect(bulk.map(({ wf }) => wf)).toEqual(due.slice(16, 20));
  });

  it('no delivery waits behind more later ones than a multiple of those that lay before it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.array(
          fc.oneof(
            fc.record({ wide: fc.integer({ min: WIDE, max: 90 }) }),
            fc.record({ small: fc.integer({ min: 1, max: 12 }) }),
            fc.record({ read: fc.integer({ min: 1, max: 9 }) }),
          ),
          { minLength: 6, maxLength: 20 },
        ),
        async (count, script) => {
          await scene.clear();
          const partitions = new Partitions(count);
          const waits = new Waits(partitions, scene);
          const store = storeOf(partitions);
          const inboxes = await readerOf(store);
          for (const act of script) {
            if ('wide' in act) await wide(store, act.wide);
            else if ('small' in act) for (let n = 0; n < act.small; n += 1) await small(store);
            else await waits.read(inboxes, act.read);
            await waits.arrive();
          }
          while (await waits.read(inboxes, 3));
          const turns = 2 * partitions.count;
          for (const { before, overtaken } of waits.all.values())
            expect(overtaken).toBeLessThanOrEqual((before + 1) * turns * turns + 16 * turns);
        },
      ),
      { numRuns: 8 },
    );
  });

  /** Reads until the bulk lane has come; answers what lay in it. */
  const bulkOnly = async (inboxes: InboxReader): Promise<Delivery[]> => {
    for (;;) {
      const found = await inboxes.read({ count: 500, ...SOON });
      const bulk = found.filter(({ inbox }) => inbox === IN_BULK);
      if (bulk.length > 0) return bulk;
    }
  };
});

interface Waiting {
  /** Messages that lay before it in its stream when it came. */
  readonly before: number;
  readonly arrival: number;
  /** Messages that came later and were read before it. */
  overtaken: number;
}

/** For every message of all lanes: what came later and was read earlier. */
class Waits {
  readonly all = new Map<string, Waiting>();
  private readonly unread = new Map<string, Waiting>();
  private arrivals = 0;

  constructor(
    private readonly partitions: Partitions,
    private readonly scene: Scene,
  ) {}

  /** Notices what was delivered since the last time. */
  async arrive(): Promise<void> {
    for (let partition = 0; partition < this.partitions.count; partition += 1) {
      for (const inbox of [INBOX, IN_BULK]) {
        const entries = await this.scene.redis.xrange(
          this.partitions.inbox(partition, inbox),
          '-',
          '+',
        );
        let before = 0;
        for (const [message] of entries) {
          const name = `${partition} ${inbox} ${message}`;
          if (!this.all.has(name)) {
            this.arrivals += 1;
            const waiting = { before, arrival: this.arrivals, overtaken: 0 };
            this.all.set(name, waiting);
            this.unread.set(name, waiting);
          }
          if (this.unread.has(name)) before += 1;
        }
      }
    }
  }

  /** Reads once; answers how many came. */
  async read(inboxes: InboxReader, count: number): Promise<number> {
    await this.arrive();
    const found = await inboxes.read({ count, ...SOON });
    for (const { partition, inbox, message } of found) {
      const name = `${partition} ${inbox} ${message}`;
      const read = this.unread.get(name);
      this.unread.delete(name);
      for (const waiting of this.unread.values())
        if (read && waiting.arrival < read.arrival) waiting.overtaken += 1;
    }
    return found.length;
  }
}
