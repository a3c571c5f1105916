// G6: for each way in which a workflow can stand still there is an entry that says since when, why, and what a person
// can do. Each is built in a real store; what its log alone decides is told in the kernel's own test.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BLAMELESS, type Standing, type TaskId, type WorkerId } from '@lockstep/kernel';
import type { Release } from '@lockstep/store';
import { Fixture } from './fixture.js';
import type { Claim } from './worker.js';

const error = [{ name: 'E', code: 'E', kind: 'transient', message: 'the bank is away' }];
const suspendedOn = (waits: object): { type: 'TaskSuspended'; meta: object; release: Release } => {
  const all = { any: [], all: [], signals: [], ...waits };
  return { type: 'TaskSuspended', meta: { waits: all }, release: { as: 'suspended', waits: all } };
};
const intended = {
  type: 'EffectIntended',
  op: 1,
  meta: {
    ...{ action: 'refund', key: 'k', attempt: 1, inputDigest: 'd', risk: 'low' },
    ...{ windowMs: 1, timeoutMs: 1 },
  },
} as const;

describe('G6: a workflow that stands still', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  const standing = async (id: string): Promise<readonly Standing[]> => {
    const version = await fixture.project(id);
    const reply = await fixture.get(`/v1/workflows/${id}/standing?atLeast=${version}`);
    return ((await reply.json()) as { standing: Standing[] }).standing;
  };
  /** A workflow whose root a worker has, which does what the test says. */
  const begun = async (act: (root: Claim) => Promise<unknown>): Promise<string> => {
    const id = await fixture.startJob();
    await act(await fixture.worker().claim(id));
    return id;
  };
  const suspends = (root: Claim, waits: object): Promise<number> => {
    const { release, ...event } = suspendedOn(waits);
    return root.append([event], { release });
  };
  const parks = (reason: string) => (root: Claim) =>
    root.append([{ type: 'TaskParked', meta: { reason, error } }], { release: { as: 'parked' } });
  const ordersAre = (state: 'alive' | 'gone'): Promise<unknown> =>
    Promise.all(
      fixture.store.partitions.tags.map((_, partition) =>
        fixture.store.heartbeat(
          partition,
          'clerk-1-a' as WorkerId,
          1,
          state === 'alive' ? 60_000 : 0,
          [],
          { inbox: 'clerk@1', order: null },
        ),
      ),
    );
  const cancelled = async (): Promise<string> => {
    const id = await begun((root) => root.append([intended]));
    await fixture.post(`/v1/workflows/${id}/cancel`, { reason: 'no longer wanted' });
    return id;
  };
  const heldByPerson = async (): Promise<string> => {
    const id = await fixture.startJob();
    await fixture.post(`/v1/workflows/${id}/park`, { reason: 'an audit' });
    return id;
  };

  it.each<[Standing['why'], string, () => Promise<string>, readonly string[]]>([
    [
      'queued',
      'waits for a worker of clerk@1',
      () => fixture.startJob(),
      ['park', 'rollback', 'cancel'],
    ],
    [
      ...(['running', 'tester works on it'] as const),
      () => begun(() => Promise.resolve()),
      ['park', 'rollback', 'cancel'],
    ],
    [
      ...(['call', 'waits for clerk.job (r.1)'] as const),
      () => begun((root) => root.call(1).then(() => suspends(root, { any: [1] }))),
      ['park', 'rollback', 'cancel'],
    ],
    [
      ...(['timer', 'sleeps'] as const),
      () =>
        begun(async (root) => {
          await root.append([{ type: 'TimerSet', op: 1, meta: { delayMs: 60_000 } }]);
          await suspends(root, { any: [1] });
        }),
      ['park', 'rollback', 'cancel'],
    ],
    [
      ...(['signal', 'waits for the signal approval'] as const),
      () => begun((root) => suspends(root, { signals: ['approval'] })),
      ['signal', 'park', 'rollback', 'cancel'],
    ],
    [
      ...(['retry', 'the next attempt of step look'] as const),
      () =>
        begun(async (root) => {
          const meta = { name: 'look', attempt: 1, error, retryInMs: 60_000, timer: true };
          await root.append([{ type: 'StepFailed', op: 1, meta }]);
          await suspends(root, { any: [1] });
        }),
      ['park', 'rollback', 'cancel'],
    ],
    [
      ...(['key', 'effect refund k: the bank is away'] as const),
      () =>
        begun(async (root) => {
          const held = [{ ...error[0]!, code: BLAMELESS.held }];
          const meta = { attempt: 1, error: held, retryInMs: 60_000, timer: true };
          await root.append([intended]);
          await root.append([{ type: 'EffectNotPerformed', op: 1, meta }]);
          await suspends(root, { any: [1] });
        }),
      ['park', 'rollback', 'cancel'],
    ],
    [
      ...(['target', 'the breaker of bank is open'] as const),
      () =>
        begun(async (root) => {
          const meta = { name: 'step look', target: 'bank', reason: 'open', retryInMs: 60_000 };
          await root.append([{ type: 'AttemptDeferred', op: 1, meta }]);
          await suspends(root, { any: [1] });
        }),
      ['close-breaker', 'park', 'rollback', 'cancel'],
    ],
    ...['NonDeterminism', 'Defect', 'CrashBudgetExhausted', 'Livelock'].map(
      (reason): [Standing['why'], string, () => Promise<string>, readonly string[]] => [
        ...(['person', `${reason}: the bank is away`] as const),
        () => begun(parks(reason)),
        ['redrive', 'rollback', 'cancel'],
      ],
    ),
    [
      ...(['person', 'EffectInDoubt: the bank is away'] as const),
      () =>
        begun(async (root) => {
          await root.append([intended]);
          const meta = { reason: 'EffectInDoubt', error, op: 1 };
          await root.append([{ type: 'TaskParked', meta }], { release: { as: 'parked' } });
        }),
      ['settle', 'rollback', 'cancel'],
    ],
    [
      ...([
        'person',
        expect.stringMatching(/^key:\w+ holds it: an audit$/) as unknown as string,
      ] as const),
      heldByPerson,
      ['resume', 'rollback', 'cancel'],
    ],
    [
      'settling',
      'the outcome of its open effects is wanted before the workflow ends',
      cancelled,
      [],
    ],
  ])('says why, since when and what can be done: %s, %s', async (why, what, build, options) => {
    await ordersAre('alive');
    const before = Date.now();
    const [entry] = await standing(await build());
    expect(entry).toMatchObject({ why, what });
    expect(entry!.options.map(({ action }) => action)).toEqual(options);
    expect(entry!.sinceMs).toBeGreaterThanOrEqual(before - 1000);
    if (['timer', 'retry', 'key', 'target'].includes(why))
      expect(entry!.untilMs! - entry!.sinceMs).toBe(60_000);
  });

  it('says that no worker is there who could take it, also when the last one is drained', async () => {
    await ordersAre('gone');
    const id = await fixture.startJob();
    const alone = { why: 'no-worker', what: 'no worker of clerk@1 takes work' };
    const options = expect.arrayContaining([{ action: 'start-worker', inbox: 'clerk@1' }]);
    expect(await standing(id)).toMatchObject([{ ...alone, task: 'r' as TaskId, options }]);
    await ordersAre('alive');
    expect(await standing(id)).toMatchObject([{ why: 'queued' }]);
    const order = { by: 'ann', reason: 'a new machine', atMs: 1 };
    await fixture.store.drain(0, 'clerk-1-a' as WorkerId, order);
    expect(await standing(id)).toMatchObject([alone]);
  });

  it('says nothing any more when it has ended', async () => {
    const id = await fixture.startJob();
    await fixture.worker().complete(id);
    expect(await standing(id)).toEqual([]);
  });
});
