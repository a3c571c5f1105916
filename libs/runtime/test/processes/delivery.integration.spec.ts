import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LIBRARY } from '@lockstep/store';
import type { WorkflowId } from '@lockstep/kernel';
import { Proxy, type ServiceProcess } from '@lockstep/testing';
import { Stage } from './stage.js';
import { walk } from './team/contracts.js';

/** Who has read a message reads no other until that one is claimed and done. */
const ONE_PLACE = { LOCKSTEP_CONCURRENCY: '1' };

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.set();
  await stage.supervisor();
});
afterEach(() => stage[Symbol.asyncDispose]());

describe('a message that is delivered three times', () => {
  it('S4: by its sender, is claimed once by one of three workers, and removed', async () => {
    const inside = stage.world.hold('steps/thrice/first');
    const wf = await stage.begin(walk, 'thrice');
    await repeat(wf, 2);
    const workers = await Promise.all([1, 2, 3].map(() => stage.lead(ONE_PLACE)));
    await inside.reached();
    await claimedTimes(workers, 3);
    inside.open();
    await stage.completed(wf);
    await expectDoneOnce(wf);
  });

  it('S4: by the group to three workers, is claimed once by one of them', async () => {
    await using one = await Proxy.to(stage.server.port);
    await using two = await Proxy.to(stage.server.port);
    await using three = await Proxy.to(stage.server.port);
    const proxies = [one, two, three];
    const urls = proxies.map(({ port }) => `redis://127.0.0.1:${port}`);
    const workers = await Promise.all(
      urls.map((url) => stage.lead({ ...ONE_PLACE, LOCKSTEP_REDIS_URL: url })),
    );
    const claiming = proxies.map((proxy) => proxy.holdRequests(`${LIBRARY}_claim`));
    const wf = await stage.begin(walk, 'thrice');
    for (const claim of claiming) await claim.sprung();
    for (const proxy of proxies) proxy.letGo();
    await claimedTimes(workers, 3);
    await stage.completed(wf);
    await expectDoneOnce(wf);
  });

  /** The message that waits for the root of a workflow, once more for each time. */
  async function repeat(wf: WorkflowId, times: number): Promise<void> {
    const inbox = stage.partitions.inbox(stage.partitions.of(wf), walk.root.inbox);
    const [message] = await stage.redis.xrange(inbox, '-', '+');
    for (let n = 0; n < times; n += 1) await stage.redis.xadd(inbox, '*', ...message![1]);
  }

  /** Waits until so many claims were answered. */
  function claimedTimes(workers: readonly ServiceProcess[], times: number): Promise<void> {
    return stage.until(`${times} claims`, async () => {
      const claims = workers.map((worker) => worker.metric('lockstep_claim_total'));
      return (await Promise.all(claims)).reduce((sum, count) => sum + count, 0) === times;
    });
  }

  async function expectDoneOnce(wf: WorkflowId): Promise<void> {
    expect(await stage.eventsOf(wf, 'TaskStarted')).toHaveLength(1);
    expect(await stage.eventsOf(wf, 'LeaseExpired')).toEqual([]);
    expect(stage.world.steps).toEqual(['thrice/first', 'thrice/second', 'thrice/third']);
    const inbox = stage.partitions.inbox(stage.partitions.of(wf), walk.root.inbox);
    expect(await stage.redis.xlen(inbox)).toBe(0);
  }
});
