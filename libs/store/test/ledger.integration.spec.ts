import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClaimId, TaskId, WorkflowId } from '@lockstep/kernel';
import { ledgerKey, Store, type Reservation } from '../src/index.js';
import { LIBRARY, Scene } from './support/scene.js';

describe('reserve, commit and release', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  beforeEach(() => scene.clear());

  const MINE: Reservation = {
    tenant: 'acme',
    action: 'refund',
    key: 'db/#W1',
    wf: 'wf-1' as WorkflowId,
    task: 'r' as TaskId,
    claim: 'c1' as ClaimId,
    epoch: 1,
    inputDigest: 'd1',
    scheduledAtMs: 1000,
  };
  const NEXT = { ...MINE, claim: 'c2' as ClaimId, epoch: 2 };
  /** Its workflow has left, and another one is begun under the same id. */
  const AGAIN = { ...MINE, claim: 'c3' as ClaimId, scheduledAtMs: 2000 };
  const OTHER = { ...MINE, wf: 'wf-2' as WorkflowId };

  it('S12: a reservation and its repeat get the same answer', async () => {
    const [first, second] = await scene.twice(() => scene.store.ledger.reserve(MINE));
    expect(first).toEqual({ reply: 'reserved', occurrence: 1 });
    expect(second).toEqual(first);
  });

  it('E1: other tasks find the key held, until there is a receipt to adopt', async () => {
    await scene.store.ledger.reserve(MINE);
    const [held] = await scene.twice(() => scene.store.ledger.reserve(OTHER));
    expect(held).toEqual({ reply: 'held', wf: 'wf-1', task: 'r' });
    await scene.store.ledger.commit(MINE, '{"id":1}');
    const [adopt] = await scene.twice(() => scene.store.ledger.reserve(OTHER));
    expect(adopt).toEqual({
      reply: 'committed',
      occurrence: 1,
      receipt: '{"id":1}',
      wf: 'wf-1',
      task: 'r',
    });
  });

  it('E1: the same key with another input is a conflict', async () => {
    await scene.store.ledger.reserve(MINE);
    const other = { ...OTHER, inputDigest: 'd2' };
    expect(await scene.store.ledger.reserve(other)).toEqual({
      reply: 'conflict',
      wf: 'wf-1',
      task: 'r',
    });
  });

  describe('is kept', () => {
    const DO = ledgerKey(MINE.tenant, MINE.action, MINE.key);
    const DONE = { ...MINE, occurrence: 1 };
    const FOR_EVER = -1;
    const left = (): Promise<number> => scene.redis.pttl(DO);

    it('for a time once it says how the effect went, and as long as it is reserved', async () => {
      await scene.store.ledger.reserve(MINE);
      expect(await left()).toBe(FOR_EVER);
      await scene.store.ledger.release(MINE);
      expect(await left()).toBeGreaterThan(0);
      await scene.store.ledger.reserve(OTHER);
      expect(await left()).toBe(FOR_EVER);
      await scene.store.ledger.commit(OTHER, '{"id":1}');
      expect(await left()).toBeGreaterThan(0);
      expect(await left()).toBeLessThanOrEqual(scene.store.limits.receiptMs);
    });

    it('G5: from being undone on for ever, since the next occurrence is told by it', async () => {
      await scene.store.ledger.reserve(MINE);
      await scene.store.ledger.commit(MINE, '{"id":1}');
      await scene.store.ledger.compensate(DONE, 'compensating');
      expect(await left()).toBe(FOR_EVER);
      await scene.store.ledger.compensate(DONE, 'compensated');
      expect(await left()).toBe(FOR_EVER);
      expect(await scene.store.ledger.reserve(OTHER)).toEqual({ reply: 'reserved', occurrence: 2 });
      await scene.store.ledger.commit(OTHER, '{"id":2}');
      expect(await left()).toBe(FOR_EVER);
    });

    it('for ever where that is set', async () => {
      const limits = { ...scene.store.limits, receiptMs: 0 };
      const store = new Store(scene.redis, scene.partitions, limits, LIBRARY);
      await store.ledger.reserve(MINE);
      await store.ledger.commit(MINE, '{"id":1}');
      expect(await left()).toBe(FOR_EVER);
    });
  });

  it('E4: a newer claim takes over and fences the older, and is told of the doubt again', async () => {
    await scene.store.ledger.reserve(MINE);
    const [over, again] = await scene.twice(() => scene.store.ledger.reserve(NEXT));
    expect(over).toEqual({ reply: 'taken-over', occurrence: 1 });
    expect(again).toEqual(over);
    expect(await scene.store.ledger.reserve(NEXT)).toEqual(over);
    expect(await scene.store.ledger.reserve(MINE)).toEqual({ reply: 'fenced' });
    expect(await scene.store.ledger.release(MINE)).toEqual({ reply: 'fenced' });
  });

  it('E2: what was shown not to have happened frees the key, for another input too', async () => {
    await scene.store.ledger.reserve(MINE);
    const [released, again] = await scene.twice(() => scene.store.ledger.release(MINE));
    expect([released.reply, again.reply]).toEqual(['ok', 'duplicate']);
    const other = { ...OTHER, inputDigest: 'd2' };
    expect(await scene.store.ledger.reserve(other)).toMatchObject({ reply: 'reserved' });
  });

  it('ends the doubt of a take-over with its release', async () => {
    await scene.store.ledger.reserve(MINE);
    await scene.store.ledger.reserve(NEXT);
    await scene.store.ledger.release(NEXT);
    expect(await scene.store.ledger.reserve(NEXT)).toMatchObject({ reply: 'reserved' });
  });

  it('G5: what is left of a task whose effect was undone takes nothing', async () => {
    const late = await scene.recorded(() => scene.store.ledger.reserve(MINE));
    await scene.store.ledger.commit(MINE, 'R');
    await scene.store.ledger.compensate({ ...MINE, occurrence: 1 }, 'compensated');
    expect(await late()).toEqual(['fenced']); // from a connection that was given up
    expect(await scene.store.ledger.reserve(MINE)).toEqual({ reply: 'fenced' }); // from a process that was frozen
    expect(await scene.store.ledger.reserve(OTHER)).toMatchObject({ reply: 'reserved' });
  });

  describe('in a second workflow under the same id', () => {
    it('G5: opens the next occurrence of what was undone in the first', async () => {
      await scene.store.ledger.reserve(NEXT);
      await scene.store.ledger.commit(NEXT, 'R');
      await scene.store.ledger.compensate({ ...MINE, occurrence: 1 }, 'compensated');
      const [first, second] = await scene.twice(() => scene.store.ledger.reserve(AGAIN));
      expect(first).toEqual({ reply: 'reserved', occurrence: 2 });
      expect(second).toEqual(first);
    });

    it('is not fenced by the claims of the first', async () => {
      await scene.store.ledger.reserve(NEXT);
      await scene.store.ledger.release(NEXT);
      expect(await scene.store.ledger.reserve(AGAIN)).toMatchObject({ reply: 'reserved' });
    });

    it('is told of the doubt that the first has left', async () => {
      await scene.store.ledger.reserve(NEXT);
      expect(await scene.store.ledger.reserve(AGAIN)).toMatchObject({ reply: 'taken-over' });
    });

    it('E4: has its own newer claims fence the older', async () => {
      await scene.store.ledger.reserve(NEXT);
      await scene.store.ledger.reserve({ ...AGAIN, claim: 'c4' as ClaimId, epoch: 2 });
      expect(await scene.store.ledger.reserve(AGAIN)).toEqual({ reply: 'fenced' });
    });
  });

  it('E4: an entry, or a worker, of an earlier release does not tell one life from another', async () => {
    await scene.store.ledger.reserve(NEXT);
    await scene.redis.hset(ledgerKey('acme', 'refund', 'db/#W1'), 'scheduledAt', '');
    expect(await scene.store.ledger.reserve(AGAIN)).toEqual({ reply: 'fenced' });
  });

  it('G5: a release that arrives behind a later reservation does not free it', async () => {
    await scene.store.ledger.reserve(MINE);
    const late = await scene.recorded(() => scene.store.ledger.release(MINE));
    await scene.store.ledger.reserve(MINE);
    expect(await late()).toEqual(['fenced']);
    expect(await scene.store.ledger.reserve(OTHER)).toMatchObject({ reply: 'held' });
  });

  it('a reservation that arrives behind its release does not hold the key', async () => {
    const late = await scene.recorded(() => scene.store.ledger.reserve(MINE));
    await scene.store.ledger.release(MINE);
    expect(await late()).toEqual(['fenced']);
    expect(await scene.store.ledger.reserve(OTHER)).toMatchObject({ reply: 'reserved' });
  });

  it('E4: keeps the first receipt, from any claim, and tells of a different second one', async () => {
    await scene.store.ledger.reserve(MINE);
    await scene.store.ledger.reserve(NEXT);
    const [first, again] = await scene.twice(() => scene.store.ledger.commit(MINE, '{"id":1}'));
    expect([first.reply, again.reply]).toEqual(['ok', 'duplicate']);
    const [second] = await scene.twice(() => scene.store.ledger.commit(NEXT, '{"id":2}'));
    expect(second).toEqual({ reply: 'different', occurrence: 1, receipt: '{"id":1}' });
    expect(await scene.store.ledger.release(NEXT)).toEqual({
      reply: 'committed',
      occurrence: 1,
      receipt: '{"id":1}',
    });
  });

  it('G5: tells when another task has committed the same key', async () => {
    await scene.store.ledger.reserve(MINE);
    await scene.store.ledger.commit(MINE, '{"id":1}');
    expect(await scene.store.ledger.commit(OTHER, '{"id":2}')).toEqual({
      reply: 'conflict',
      wf: 'wf-1',
      task: 'r',
    });
  });

  it('G7: tenants, actions and keys never share an entry', () => {
    const entries = [
      ledgerKey('a', 'x', 'k'),
      ledgerKey('b', 'x', 'k'),
      ledgerKey('a', 'y', 'k'),
      ledgerKey('a', 'x', 'k}'),
      ledgerKey('a', 'x', 'k%7D'),
      ledgerKey('a', 'x', 'k%257D'),
    ];
    expect(new Set(entries).size).toBe(entries.length);
    for (const entry of entries) expect(entry).toMatch(/^ls:\{[^{}]+\}:effect$/);
  });

  describe('compensate', () => {
    const DONE = { ...MINE, occurrence: 1 };

    it('E1: opens the next occurrence behind a receipt that came without a reservation', async () => {
      await scene.store.ledger.commit(MINE, '{"id":1}');
      await scene.store.ledger.compensate(DONE, 'compensated');
      const [again] = await scene.twice(() => scene.store.ledger.reserve(OTHER));
      expect(again).toEqual({ reply: 'reserved', occurrence: 2 });
    });

    it('E1: lets nobody adopt what is being undone, and opens the next occurrence behind it', async () => {
      await scene.store.ledger.reserve(MINE);
      await scene.store.ledger.commit(MINE, '{"id":1}');
      const [begun] = await scene.twice(() => scene.store.ledger.compensate(DONE, 'compensating'));
      expect(begun).toEqual({ reply: 'ok' });
      const other = { ...OTHER, inputDigest: 'd2' };
      expect(await scene.store.ledger.reserve(other)).toMatchObject({ reply: 'held' });
      const [undone] = await scene.twice(() => scene.store.ledger.compensate(DONE, 'compensated'));
      expect(undone).toEqual({ reply: 'ok' });
      const [next] = await scene.twice(() => scene.store.ledger.reserve(other));
      expect(next).toEqual({ reply: 'reserved', occurrence: 2 });
    });

    it('E4: does not let an older claim back in behind it', async () => {
      await scene.store.ledger.reserve(NEXT);
      await scene.store.ledger.commit(NEXT, '{"id":1}');
      await scene.store.ledger.compensate(DONE, 'compensated');
      expect(await scene.store.ledger.reserve(MINE)).toEqual({ reply: 'fenced' });
      expect(await scene.store.ledger.commit(MINE, '{"id":2}')).toMatchObject({
        reply: 'different',
      });
      expect(await scene.store.ledger.release(MINE)).toMatchObject({ reply: 'committed' });
    });

    it('touches nothing that is another occurrence, or another task’s', async () => {
      expect(await scene.store.ledger.compensate(DONE, 'compensating')).toEqual({ reply: 'gone' });
      await scene.store.ledger.reserve(MINE);
      expect(await scene.store.ledger.compensate(DONE, 'compensating')).toEqual({ reply: 'gone' });
      await scene.store.ledger.commit(MINE, '{"id":1}');
      for (const other of [
        { ...DONE, occurrence: 2 },
        { ...DONE, task: 'r.1' as TaskId },
      ])
        expect(await scene.store.ledger.compensate(other, 'compensating')).toEqual({
          reply: 'gone',
        });
    });
  });
});
