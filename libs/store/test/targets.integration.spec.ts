import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Scene } from './support/scene.js';
import { LEASE_MS, LIMITS, TargetScene } from './support/target-scene.js';

let scene: Scene;
let target: TargetScene;
beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(() => scene[Symbol.asyncDispose]());
beforeEach(async () => {
  await scene.clear();
  target = new TargetScene(scene);
  await target.pass(0);
});

const ADMITTED = { reply: 'admitted' };

describe('the breaker of a target', () => {
  it('is closed to begin with, and lets calls through', async () => {
    expect(await target.admit('p')).toEqual(ADMITTED);
    expect(await target.report('p', 'ok')).toEqual({ reply: 'ok', state: 'closed' });
  });

  it('opens when the part of failures and timeouts in its window is too large', async () => {
    expect(await target.calls('ok', 'ok', 'failed')).toMatchObject({ state: 'closed' });
    expect(await target.calls('timed-out')).toMatchObject({ state: 'open' });
    expect(await target.admit('p')).toEqual({ reply: 'open', retryInMs: 5000 });
  });

  it('does not open over fewer calls than the minimum', async () => {
    expect(await target.calls('failed', 'failed', 'failed')).toMatchObject({ state: 'closed' });
  });

  it('does not open below the rate', async () => {
    const last = await target.calls('ok', 'ok', 'ok', 'failed', 'failed', 'ok');
    expect(last).toMatchObject({ state: 'closed' });
  });

  it('forgets what has left the window', async () => {
    await target.calls('failed', 'failed', 'failed');
    await target.pass(10_000);
    expect(await target.calls('failed')).toMatchObject({ state: 'closed' });
  });

  it('never opens by itself where its minimum is 0', async () => {
    target.limits = { ...LIMITS, breaker: { ...LIMITS.breaker, minimum: 0 } };
    await target.opened();
    expect(await target.admit('p')).toEqual(ADMITTED);
  });

  it('counts nothing for a permit that was not used', async () => {
    expect(await target.calls('failed', 'failed', 'failed', 'unused')).toMatchObject({
      state: 'closed',
    });
  });

  it('is not kept from what began before it opened', async () => {
    await target.admit('early');
    await target.opened();
    expect(await target.report('early', 'ok')).toEqual({ reply: 'ok', state: 'open' });
  });
});

describe('a breaker that was open for its time', () => {
  beforeEach(async () => {
    await target.opened();
    await target.pass(5000);
  });

  it('lets as many probes through as it wants, and no more', async () => {
    expect(await target.admit('p1')).toEqual(ADMITTED);
    expect(await target.admit('p2')).toEqual(ADMITTED);
    expect(await target.admit('p3')).toMatchObject({ reply: 'open' });
  });

  it('closes when that many went well', async () => {
    expect(await target.calls('ok')).toMatchObject({ state: 'half-open' });
    expect(await target.calls('ok')).toMatchObject({ state: 'closed' });
    expect(await target.admit('p')).toEqual(ADMITTED);
  });

  it('begins to count anew when it closes', async () => {
    await target.calls('ok', 'ok');
    expect(await target.calls('failed', 'failed', 'failed')).toMatchObject({ state: 'closed' });
  });

  it('opens again over one that failed, for its whole time', async () => {
    expect(await target.calls('ok', 'timed-out')).toMatchObject({ state: 'open' });
    await target.pass(4999);
    expect(await target.admit('p')).toMatchObject({ reply: 'open' });
    await target.pass(1);
    expect(await target.admit('p')).toEqual(ADMITTED);
  });

  it('takes a probe back whose holder died', async () => {
    await target.admit('p1');
    await target.admit('p2');
    await target.pass(LEASE_MS);
    expect(await target.admit('p3')).toEqual(ADMITTED);
  });

  it('does not take the outcome of an older call for that of a probe', async () => {
    await target.calls('ok', 'ok');
    await target.admit('old');
    await target.opened();
    await target.pass(5000);
    await target.admit('probe');
    expect(await target.report('old', 'failed')).toMatchObject({ state: 'half-open' });
    expect(await target.report('probe', 'ok')).toMatchObject({ state: 'half-open' });
  });

  it('lets another probe through for one that was not used', async () => {
    await target.calls('unused', 'unused', 'ok');
    expect(await target.calls('ok')).toMatchObject({ state: 'closed' });
  });
});

describe('the limit of what goes on at a target at once', () => {
  beforeEach(() => {
    target.limits = { ...LIMITS, concurrency: 2 };
  });

  it('is kept by all who ask, until a permit is back', async () => {
    await target.admit('p1');
    await target.admit('p2');
    expect(await target.admit('p3')).toMatchObject({ reply: 'full' });
    await target.report('p1', 'ok');
    expect(await target.admit('p3')).toEqual(ADMITTED);
  });

  it('gets a permit back whose holder died', async () => {
    await target.admit('p1');
    await target.admit('p2');
    await target.pass(LEASE_MS);
    expect(await target.admit('p3')).toEqual(ADMITTED);
  });

  it('is not widened by an outcome that comes twice', async () => {
    await target.admit('p1');
    await target.admit('p2');
    expect(await target.report('p1', 'ok')).toMatchObject({ reply: 'ok' });
    await target.admit('p3');
    expect(await target.report('p1', 'ok')).toMatchObject({ reply: 'gone' });
    expect(await target.admit('p4')).toMatchObject({ reply: 'full' });
  });
});

describe('the rate of a target', () => {
  beforeEach(() => {
    target.limits = { ...LIMITS, rate: { perSecond: 10, burst: 3 } };
  });

  it('lets a burst through, and then one call after the other', async () => {
    await target.calls('ok', 'ok', 'ok');
    expect(await target.admit('p')).toEqual({ reply: 'limited', retryInMs: 100 });
    await target.pass(99);
    expect(await target.admit('p')).toMatchObject({ reply: 'limited' });
    await target.pass(1);
    expect(await target.admit('p')).toEqual(ADMITTED);
    expect(await target.admit('q')).toMatchObject({ reply: 'limited' });
  });

  it('saves up no more than a burst', async () => {
    await target.pass(60_000);
    await target.calls('ok', 'ok', 'ok');
    expect(await target.admit('p')).toMatchObject({ reply: 'limited' });
  });

  it('pays nothing for a call that is refused for another reason', async () => {
    target.limits = { ...target.limits, concurrency: 1 };
    await target.admit('p1');
    for (let at = 0; at < 5; at += 1) await target.admit(`refused-${at}`);
    await target.report('p1', 'ok');
    expect(await target.calls('ok', 'ok')).toMatchObject({ reply: 'ok' });
  });
});

describe('whoever is refused', () => {
  const waits = async (...who: readonly string[]): Promise<number[]> => {
    const found: number[] = [];
    for (const one of who) {
      const reply = await target.admit(`p-${one}`, one);
      found.push(reply.reply === 'admitted' ? 0 : reply.retryInMs);
    }
    return found;
  };

  it('by a breaker comes back at a time of its own', async () => {
    await target.opened();
    expect(await waits('a', 'b', 'c')).toEqual([5000, 5020, 5040]);
  });

  it('by a rate comes back when it is its turn', async () => {
    target.limits = { ...LIMITS, rate: { perSecond: 10, burst: 1 } };
    await target.admit('p');
    expect(await waits('a', 'b', 'c')).toEqual([100, 200, 300]);
  });

  it('by a full target comes back when its turn is to be expected, by how long calls take', async () => {
    target.limits = { ...LIMITS, concurrency: 2 };
    await target.admit('p1');
    await target.admit('p2');
    expect(await waits('a', 'b', 'c')).toEqual([50, 100, 150]);
  });

  it('keeps its time when it asks again before', async () => {
    await target.opened();
    await waits('a', 'b', 'c');
    await target.pass(1000);
    expect(await waits('b')).toEqual([4020]);
  });

  it('and found no room when it was expected is the next', async () => {
    target.limits = { ...LIMITS, concurrency: 1 };
    await target.admit('p');
    await waits('a', 'b', 'c');
    await target.pass(100);
    expect(await waits('a')).toEqual([100]);
  });

  it('after an outage that goes on is spread again, and not told one time', async () => {
    await target.opened();
    await waits('a', 'b', 'c');
    await target.pass(5000);
    await target.calls('failed');
    await target.pass(100);
    expect(new Set(await waits('a', 'b', 'c')).size).toBe(3);
  });

  it('waits some minutes at most', async () => {
    target.limits = { ...LIMITS, rate: { perSecond: 0.001, burst: 1 } };
    await target.admit('p');
    expect(await waits('a')).toEqual([300_000]);
  });
});

describe('a breaker that a person moved', () => {
  it('stays open until a person closes it', async () => {
    expect(await target.force('open', 'c1')).toEqual({ reply: 'ok', state: 'open' });
    await target.pass(3_600_000);
    expect(await target.admit('p')).toEqual({ reply: 'open', retryInMs: 5000 });
    await target.force('closed', 'c2');
    expect(await target.admit('p')).toEqual(ADMITTED);
  });

  it('goes on by itself when it was closed', async () => {
    await target.opened();
    await target.force('closed', 'c1');
    await target.opened();
    expect(await target.admit('p')).toMatchObject({ reply: 'open' });
  });

  it('S12: is moved once for one command, also after others', async () => {
    await target.force('open', 'c1', 'the bank asked us to');
    await target.force('closed', 'c2');
    expect(await target.force('open', 'c1')).toEqual({
      reply: 'duplicate',
      state: 'closed',
      reason: 'the bank asked us to',
    });
  });
});

describe('S12: the second of two equal calls changes nothing, and is answered alike', () => {
  it.each([
    ['admitted', () => Promise.resolve()],
    ['refused by the breaker', () => target.opened()],
    ['refused by the rate', () => drained({ rate: { perSecond: 1, burst: 1 } })],
    ['refused by the limit', () => drained({ concurrency: 1 })],
  ])('admit, %s', async (_, prepare) => {
    await prepare();
    const [first, second] = await scene.twice(() => target.admit('p', 'who'));
    expect(second).toEqual(first);
  });

  it.each(['ok', 'failed', 'timed-out', 'unused'] as const)('report, %s', async (outcome) => {
    await target.admit('p');
    const [first, second] = await scene.twice(() => target.report('p', outcome));
    expect([first.reply, second.reply]).toEqual(['ok', 'gone']);
  });

  it('force', async () => {
    const [, second] = await scene.twice(() => target.force('open', 'c1'));
    expect(second.reply).toBe('duplicate');
  });

  async function drained(limits: Partial<typeof LIMITS>): Promise<void> {
    target.limits = { ...LIMITS, ...limits };
    await target.admit('first');
  }
});
