// What a call finds, and what it makes of it where nothing moves: the measure for a call while a slot moves.

import { librarySource, type Store } from '../../src/index.js';
import { dump } from '../support/dump.js';
import { LIBRARY, type Scene } from '../support/scene.js';
import type { Call, Moment } from './moments/moment.js';
import { save, type MovingSlot, type Saved } from './moving-slot.js';

/** How Redis stops a function at a key that has left its master, or that has not come yet. */
const STOPPED = /non local key/;

export class History {
  private constructor(
    private readonly found: Saved,
    private readonly call: Call,
    private readonly answer: string,
    /** What may be there after the call was stopped: what was there before, or a whole step later. */
    private readonly whole: ReadonlySet<string>,
    /** What is there once it has been made in full: at once, or from one of these stops on. */
    private readonly after: ReadonlySet<string>,
    /** The keys whose ways may part. */
    readonly keys: readonly string[],
    /** A library whose time stands still where the history ends. */
    readonly library: string,
  ) {}

  static async of(scene: Scene, { prepare, moves }: Moment): Promise<History> {
    const [call, ...steps] = [await prepare(scene)].flat() as [Call, ...Call[]];
    const clock = scene.key('test-clock');
    const now = String(await scene.redis.get(clock));
    const keys = (await scene.redis.keys('*')).filter((key) => key !== clock).sort();
    const found = await save(scene.redis, keys);
    const madeBy = async (made: Call): Promise<readonly [answer: string, contents: string]> => {
      await scene.redis.flushall();
      await scene.redis.set(clock, now);
      await Promise.all([...found].map(([key, value]) => scene.redis.restore(key, 0, value)));
      const answer = comparable(await made(scene.store));
      return [answer, comparable(await dump(scene.redis, (key) => key === clock))];
    };
    const [, before] = await madeBy(() => Promise.resolve());
    const [answer, done] = await madeBy(call);
    const [whole, after] = [new Set([before, done]), new Set([done])];
    for (const step of steps) {
      whole.add((await madeBy(step))[1]);
      after.add((await madeBy((store) => step(store).then(() => call(store))))[1]);
    }
    const library = librarySource({ name: LIBRARY, testClock: true, edit: stoppedAt(now) });
    const parting = keys.filter((key) => moves.test(key));
    return new History(found, call, answer, whole, after, parting, library);
  }

  /**
   * Makes the call while these keys have moved, ends the move, and makes it again.
   *
   * @throws Error when the call did a part of what it does, or gave another answer than where nothing moves
   */
  async checkWith(moved: readonly string[], slot: MovingSlot, store: Store): Promise<void> {
    await slot.place(this.found);
    await slot.begin();
    await slot.move(moved);
    const stopped = await this.isStopped(store);
    await slot.end();
    const contents = comparable(await slot.contents());
    if (!(stopped ? this.whole.has(contents) : this.after.has(contents)))
      throw new Error(`half done:\n  ${contents}\nnot\n  ${[...this.whole].join('\n  ')}`);
    await this.call(store);
    if (!this.after.has(comparable(await slot.contents())))
      throw new Error('not done on the new master');
  }

  /** @returns false when it was answered as where nothing moves */
  private async isStopped(store: Store): Promise<boolean> {
    try {
      const answer = comparable(await this.call(store));
      if (answer === this.answer) return false;
      throw new Error(`answered ${answer} instead of ${this.answer}`);
    } catch (error) {
      if (!STOPPED.test(String(error))) throw error;
      return true;
    }
  }
}

const stoppedAt =
  (now: string) =>
  (file: string, source: string): string =>
    file === 'shared/clock.test.lua' ? `local function now_ms() return ${now} end` : source;

/** JSON text with the fields in order, without what differs from call to call: ids of entries, order of calls. */
const comparable = (value: unknown): string =>
  JSON.stringify([value], sorted)
    .replaceAll(/\b\d{13}-\d+\b/g, '<entry>')
    .replaceAll(/"order":"\d+"/g, '"order":"<n>"');

const sorted = (_: string, part: unknown): unknown =>
  part !== null && typeof part === 'object' && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
    : part;
