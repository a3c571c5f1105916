import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FEED_START, FeedReader, Partitions, Store } from '../src/index.js';
import { Scene, startOf } from './support/scene.js';

describe('the feed reader', () => {
  let scene: Scene;
  let feed: FeedReader;
  beforeAll(async () => {
    scene = await Scene.open();
    feed = new FeedReader(scene.redis, scene.partitions);
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  it('G3: has one entry for each append, with the versions it added', async () => {
    const held = await scene.held();
    await held.step();
    const entries = await feed.read(new Map([[0, FEED_START]]), { count: 10, blockMs: 0 });
    expect(entries.map(({ wf, from, to }) => [wf, from, to])).toEqual([
      [held.wf, 1, 2],
      [held.wf, 3, 3],
      [held.wf, 4, 4],
    ]);
  });

  it('goes on behind a checkpoint', async () => {
    await scene.start();
    const checkpoint = await feed.end(0);
    const wf = await scene.start();
    const entries = await feed.read(new Map([[0, checkpoint]]), { count: 10, blockMs: 0 });
    expect(entries).toMatchObject([{ wf, partition: 0 }]);
  });

  it('waits for the next entry of any of its partitions', async () => {
    const partitions = new Partitions(3);
    const store = new Store(scene.redis, partitions, scene.store.limits, 'lockstep_test');
    const connection = scene.redis.duplicate();
    const feeds = new FeedReader(connection, partitions);
    const all = new Map([0, 1, 2].map((partition) => [partition, FEED_START]));
    const waiting = feeds.read(all, { count: 1, blockMs: 5000 });
    const start = startOf();
    await store.start(start);
    expect(await waiting).toMatchObject([{ wf: start.wf, partition: partitions.of(start.wf) }]);
    connection.disconnect();
  });

  it('is empty at once when it need not wait', async () => {
    expect(await feed.read(new Map([[0, FEED_START]]), { count: 1, blockMs: 0 })).toEqual([]);
    expect(await feed.end(0)).toBe(FEED_START);
  });
});
