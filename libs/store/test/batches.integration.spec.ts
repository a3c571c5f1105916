import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskId } from '@lockstep/kernel';
import { FeedReader, NewerLayout } from '../src/index.js';
import { called } from './support/events.js';
import type { HeldByTest } from './support/held-by-test.js';
import { Scene, W1 } from './support/scene.js';

describe('calls that share one round trip', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  it('append what was asked in one turn with one call, and tell the feed once', async () => {
    const tasks = [await scene.held(), await scene.held(), await scene.held()];
    const before = await new FeedReader(scene.redis, scene.partitions).end(0);
    const calls = await counted(() => Promise.all(tasks.map((task) => task.step())));
    expect(calls).toBe(1);
    const grown = await changes(before);
    expect(new Set(grown.map(({ id }) => id)).size).toBe(1);
    expect(grown.map(({ wf, from, to }) => [wf, from, to]).sort()).toEqual(
      tasks.map(({ wf }) => [wf, 4, 4]).sort(),
    );
  });

  it('G1: give the tasks of one workflow versions in the order they were asked', async () => {
    const children = await fanOut(3);
    const replies = await Promise.all(children.map((child) => child.step()));
    const last = Number((await scene.head(children[0]!.wf))['version']);
    expect(replies.map((reply) => reply.reply === 'ok' && reply.from)).toEqual([
      last - 2,
      last - 1,
      last,
    ]);
  });

  it('G3: wake a parent once whose children end in the same call', async () => {
    const children = await fanOut(2);
    const { wf } = children[0]!;
    await Promise.all(children.map((child) => child.complete()));
    expect((await scene.inbox()).map(({ task }) => task)).toEqual(['r']);
    expect((await scene.task(wf)).state).toBe('queued');
  });

  it('G2: refuse one of them without the others', async () => {
    const [mine, taken] = [await scene.held(), await scene.held()];
    const late = scene.pretend(taken.wf, 'another' as typeof taken.claim);
    const replies = await Promise.all([mine.step(), late.step(), taken.step()]);
    expect(replies.map(({ reply }) => reply)).toEqual(['ok', 'fenced', 'ok']);
  });

  it('S10: leave a workflow of a newer layout alone, and append to the others', async () => {
    const [newer, mine] = [await scene.held(), await scene.held()];
    await scene.redis.hset(scene.partitions.head(newer.wf), 'layout', 2);
    const [refused, appended] = await Promise.allSettled([newer.step(), mine.step()]);
    expect(refused).toMatchObject({ reason: expect.any(NewerLayout) });
    expect(appended).toMatchObject({ value: { reply: 'ok' } });
  });

  it('S12: are repeated together, and change nothing', async () => {
    const tasks = [await scene.held(), await scene.held()];
    const [first, second] = await scene.twice(() =>
      Promise.all(tasks.map((task) => task.again([called(task.task, 1)], undefined, 1))),
    );
    expect(first.map(({ reply }) => reply)).toEqual(['ok', 'ok']);
    expect(second).toEqual(first.map((reply) => ({ ...reply, reply: 'duplicate' })));
  });

  it('S4: claim each message for itself', async () => {
    await scene.alive(W1);
    for (let i = 0; i < 3; i += 1) await scene.start();
    const messages = await scene.inbox();
    const again = [...messages, messages[1]!];
    let replies: readonly string[] = [];
    const calls = await counted(async () => {
      const claims = await Promise.all(again.map((message) => scene.claim(message)));
      replies = claims.map(({ reply }) => reply);
    });
    expect(calls).toBe(1);
    expect(replies).toEqual(['ok', 'ok', 'ok', 'taken']);
    expect(await scene.inbox()).toEqual([]);
  });

  it('ask again for each by itself when the server cannot work on all of them', async () => {
    const [broken, mine] = [await scene.held(), await scene.held()];
    await scene.redis.del(scene.partitions.head(broken.wf));
    await scene.redis.set(scene.partitions.head(broken.wf), 'no hash');
    const [refused, appended] = await Promise.allSettled([broken.step(), mine.step()]);
    expect(refused.status).toBe('rejected');
    expect(appended).toMatchObject({ value: { reply: 'ok', from: 4 } });
  });

  /** Children of one root, each claimed. */
  async function fanOut(count: number): Promise<HeldByTest[]> {
    const root = await scene.held();
    const ops = Array.from({ length: count }, (_, at) => at + 1);
    await root.append(ops.map((op) => called('r' as TaskId, op)));
    await root.suspend({ all: [ops] });
    const children: HeldByTest[] = [];
    while (children.length < count) children.push(await scene.take());
    return children;
  }

  async function changes(after: string): ReturnType<FeedReader['read']> {
    const feed = new FeedReader(scene.redis, scene.partitions);
    return feed.read(new Map([[0, after]]), { count: 10, blockMs: 0 });
  }

  async function counted(work: () => Promise<unknown>): Promise<number> {
    const calls = async (): Promise<number> => {
      const stats = await scene.redis.info('commandstats');
      return Number(/cmdstat_fcall:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    };
    const before = await calls();
    await work();
    return (await calls()) - before;
  }
});
