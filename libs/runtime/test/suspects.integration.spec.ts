import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomClaimId, ROOT_TASK } from '@lockstep/store';
import type { ClaimId, WorkerId, WorkflowId } from '@lockstep/kernel';
import { eventually } from '@lockstep/testing';
import { Bench, crew, holding } from './bench.js';

jest.setTimeout(60_000);

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.clear());
afterAll(() => bench.stop());

/** A claim of a worker that is no process: it can be taken for dead at will. */
async function claimBy(worker: WorkerId, wf: WorkflowId, dispatch = 1): Promise<ClaimId> {
  const { store } = bench;
  const claim = randomClaimId();
  await store.heartbeat(store.partitions.of(wf), worker, 1, 60_000, []);
  const reply = await store.claim({
    ...{ wf, task: ROOT_TASK, dispatch, claim, worker, beat: 1 },
    ...{ inbox: crew.inbox, message: '0-1', deadlineMs: 60_000 },
  });
  expect(reply.reply).toBe('ok');
  return claim;
}

/** Its process died twice while it held the task, the second time inside an effect. */
async function crashesTwice(wf: WorkflowId): Promise<void> {
  const worker = `gone-1-${wf}` as WorkerId;
  await claimBy(worker, wf);
  await bench.reap(worker);
  const claim = await claimBy(worker, wf, 2);
  const meta = { action: 'pay', key: wf, attempt: 1, inputDigest: 'd', risk: 'low' } as const;
  const times = { windowMs: 1000, timeoutMs: 500 };
  const event = { type: 'EffectIntended', task: ROOT_TASK, op: 1, data: 'null' } as const;
  const items = [{ event: { ...event, meta: { ...meta, ...times } } }];
  await bench.store.append({ wf, task: ROOT_TASK, claim, number: 1, readUpTo: 5, items });
  await bench.reap(worker);
}

/** Whoever was read by then has sat out the attempts of {@link crashesTwice}, and waits for places alone. */
const satOut = (readByMs: number): Promise<unknown> =>
  eventually(() => performance.now() - readByMs > 2000, { what: 'the suspects have sat out' });

describe('the workers of a role', () => {
  it('hold a task alone that took its process with it', async () => {
    const [suspect] = await bench.begin(1);
    await claimBy('gone-1-a' as WorkerId, suspect!);
    const member = await bench.member({ concurrency: 3, run: bench.holds });
    const others = await bench.begin(2);
    await holding(member, 2);
    await bench.reap('gone-1-a');
    const [late] = await bench.begin(1);
    await bench.completes(member.claimed[0]!);
    await bench.completes(member.claimed[1]!);
    await holding(member, 3);
    expect(member.claimed[2]!.wf).toBe(suspect);
    expect(await bench.events(late!, 'TaskStarted')).toBe(0);
    await bench.completes(member.claimed[2]!);
    await holding(member, 4);
    expect(member.claimed[3]!.wf).toBe(late);
    await bench.completes(member.claimed[3]!);
    await Promise.all([suspect!, late!, ...others].map((wf) => bench.completed(wf)));
  });

  it('E5: hold suspects alone in turn, whose open attempts they sat out while they did other work', async () => {
    const suspects = await bench.begin(2);
    await Promise.all(suspects.map(crashesTwice));
    const [other] = await bench.begin(1);
    const member = await bench.member({ concurrency: 3, run: bench.holds });
    await holding(member, 1);
    expect(member.claimed[0]!.wf).toBe(other);
    await bench.completes(member.claimed[0]!);
    await holding(member, 2);
    await satOut(performance.now());
    const [late] = await bench.begin(1);
    await bench.completes(member.claimed[1]!);
    await holding(member, 3);
    const alone = member.claimed.slice(1).map(({ wf }) => wf);
    expect(alone.sort()).toEqual([...suspects].sort());
    expect(await bench.events(late!, 'TaskStarted')).toBe(0);
    await bench.completes(member.claimed[2]!);
    await holding(member, 4);
    await bench.completes(member.claimed[3]!);
    await Promise.all([...suspects, other!, late!].map((wf) => bench.completed(wf)));
  });
});
