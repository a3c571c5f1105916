import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GROUP, InboxReader, Partitions, Store, type Delivery } from '../src/index.js';
import { INBOX, Scene, startOf, W1, W2 } from './support/scene.js';

const SOON = { blockMs: 20 };

describe('the inbox reader', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  const reader = async (worker = W1): Promise<InboxReader> => {
    const inboxes = new InboxReader(scene.redis, scene.store, worker, [INBOX]);
    await inboxes.open();
    return inboxes;
  };

  it('hands out what was delivered before its group was there', async () => {
    const wf = await scene.start();
    const inboxes = await reader();
    const [delivery, ...more] = await inboxes.read({ count: 5, ...SOON });
    expect(delivery).toMatchObject({
      partition: 0,
      inbox: INBOX,
      wf,
      task: 'r',
      dispatch: 1,
      born: 2,
    });
    expect(delivery?.alone).toBe(false);
    expect(more).toEqual([]);
  });

  it('hands out each message to one reader', async () => {
    const [first, second] = [await reader(W1), await reader(W2)];
    await scene.start();
    expect(await first.read({ count: 5, ...SOON })).toHaveLength(1);
    expect(await second.read({ count: 5, ...SOON })).toEqual([]);
  });

  it('I2: never hands out more than asked for, however many partitions have something', async () => {
    const partitions = new Partitions(4);
    const store = new Store(scene.redis, partitions, scene.store.limits, 'lockstep_test');
    const started = Array.from({ length: 40 }, () => startOf());
    for (const start of started) await store.start(start);
    const inboxes = new InboxReader(scene.redis, store, W1, [INBOX]);
    const seen: Delivery[] = [];
    for (let read = await inboxes.read({ count: 3, ...SOON }); read.length > 0;) {
      expect(read.length).toBeLessThanOrEqual(3);
      seen.push(...read);
      read = await inboxes.read({ count: 3, ...SOON });
    }
    expect(new Set(seen.map(({ wf }) => wf))).toEqual(new Set(started.map(({ wf }) => wf)));
    expect(seen.every(({ wf, partition }) => partitions.of(wf) === partition)).toBe(true);
  });

  it('goes on when the server has lost its data, groups included', async () => {
    const inboxes = await reader();
    await scene.clear();
    const wf = await scene.start();
    expect(await inboxes.read({ count: 1, ...SOON })).toMatchObject([{ wf }]);
  });

  it('I1: reclaims what another reader took and never claimed', async () => {
    const [dead, living] = [await reader(W1), await reader(W2)];
    const wf = await scene.start();
    await dead.read({ count: 1, ...SOON });
    expect((await living.reclaim({ count: 1, idleMs: 60_000 })).deliveries).toEqual([]);
    expect((await living.reclaim({ count: 1, idleMs: 0 })).deliveries).toMatchObject([{ wf }]);
  });

  it('I1: keeps what it has not claimed yet from being reclaimed, and brings nothing back', async () => {
    const [first, other] = [await reader(W1), await reader(W2)];
    await scene.start();
    const [delivery] = await first.read({ count: 1, ...SOON });
    const key = scene.partitions.inbox(0, INBOX);
    await scene.redis.xclaim(key, GROUP, W1, 0, delivery!.message, 'IDLE', 60_000, 'JUSTID');
    await first.keep(delivery!);
    expect((await other.reclaim({ count: 1, idleMs: 30_000 })).deliveries).toEqual([]);
    await scene.redis.xack(key, GROUP, delivery!.message);
    await scene.redis.xdel(key, delivery!.message);
    await first.keep(delivery!);
    expect(await scene.redis.xpending(key, GROUP)).toEqual([0, null, null, null]);
  });

  it('tells of messages that somebody deleted before they were claimed', async () => {
    const inboxes = await reader();
    await scene.start();
    const [delivery] = await inboxes.read({ count: 1, ...SOON });
    await scene.redis.xdel(scene.partitions.inbox(0, INBOX), delivery!.message);
    const { vanished } = await inboxes.reclaim({ count: 1, idleMs: 0 });
    expect(vanished).toEqual([delivery!.message]);
  });

  it('I3: buries a message that nobody can read after a few deliveries', async () => {
    const inboxes = await reader();
    const id = await scene.redis.xadd(scene.partitions.inbox(0, INBOX), '*', 'shape', 'new');
    expect(await inboxes.read({ count: 1, ...SOON })).toEqual([]);
    expect(await inboxes.reclaim({ count: 1, idleMs: 0 })).toMatchObject({ buried: 0 });
    expect(await inboxes.reclaim({ count: 1, idleMs: 0 })).toMatchObject({ buried: 1 });
    expect(await scene.inbox()).toEqual([]);
    const [letter] = await scene.redis.xrange(scene.partitions.dead(0, 'orders'), '-', '+');
    expect(letter?.[1].at(-1)).toContain(`"message":"${id}","fields":["shape","new"]`);
  });

  it('S12: buries a message once', async () => {
    await reader();
    const id = await scene.redis.xadd(scene.partitions.inbox(0, INBOX), '*', 'shape', 'new');
    await scene.twice(() => scene.store.bury(0, INBOX, id!, {}));
    expect(await scene.redis.xlen(scene.partitions.dead(0, 'orders'))).toBe(1);
  });

  it('forgets idle readers, but none that has messages pending', async () => {
    const [first, second] = [await reader(W1), await reader(W2)];
    await scene.alive(W2);
    await scene.start();
    await second.read({ count: 1, ...SOON });
    await scene.take(W2);
    await scene.start();
    await first.read({ count: 1, ...SOON });
    expect(await first.forget(60_000)).toBe(0);
    const [removed] = await scene.twice(() => first.forget(0));
    expect(removed).toBe(1);
    const left = await scene.redis.xinfo('CONSUMERS', scene.partitions.inbox(0, INBOX), GROUP);
    expect(left).toMatchObject([expect.arrayContaining([W1, 1])]);
    await scene.clear();
    expect(await first.forget(0)).toBe(0);
  });

  it('leaves nothing of itself behind, and hands on what it has read', async () => {
    const [leaving, other] = [await reader(W1), await reader(W2)];
    const wf = await scene.start();
    await leaving.read({ count: 1, ...SOON });
    await leaving.leave();
    const { deliveries } = await other.reclaim({ count: 1, idleMs: 60_000 });
    expect(deliveries).toMatchObject([{ wf }]);
    const left = await scene.redis.xinfo('CONSUMERS', scene.partitions.inbox(0, INBOX), GROUP);
    expect(JSON.stringify(left)).not.toContain(W1);
  });

  it('G6 I4: a reader that leaves takes nothing with it that came to it after it had looked', async () => {
    const [leaving, other] = [await reader(W1), await reader(W2)];
    const look = scene.redis.xpending.bind(scene.redis) as (...args: unknown[]) => Promise<[]>;
    const looks = jest.spyOn(scene.redis, 'xpending');
    looks.mockImplementationOnce(async (...args: unknown[]) => {
      const seen = await look(...args);
      await scene.start();
      expect(await leaving.read({ count: 1, ...SOON })).toHaveLength(1);
      return seen;
    });
    await leaving.leave();
    looks.mockRestore();
    const { deliveries } = await other.reclaim({ count: 1, idleMs: 0 });
    expect(deliveries).toHaveLength(1);
  });
});
