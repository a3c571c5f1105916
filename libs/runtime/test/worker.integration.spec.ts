import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CrewReader } from '@lockstep/store';
import type { WorkflowId } from '@lockstep/kernel';
import { eventually } from '@lockstep/testing';
import { type ClaimedTask, ClaimLost } from '../src/worker/claimed-task.js';
import { Bench, crew, holding, untilLost } from './bench.js';

jest.setTimeout(60_000);

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.start({ appendfsync: 'always' });
});
afterEach(() => bench.clear());
afterAll(() => bench.stop());

/** A timer of the task is set and fires. */
async function ringAt({ wf, task, claim }: ClaimedTask): Promise<void> {
  const event = { type: 'TimerSet', task, op: 1, meta: { delayMs: 0 }, data: '' } as const;
  const items = [{ event, timerMs: 0 }];
  await bench.store.append({ wf, task, claim, number: 1, readUpTo: 3, items });
  await bench.store.fire(bench.store.partitions.of(wf), 10);
}

const workerOf = async (wf: WorkflowId): Promise<string> => {
  const started = (await bench.log.all(wf)).findLast(({ type }) => type === 'TaskStarted');
  return (started!.meta as { worker: string }).worker;
};

describe('the workers of a role', () => {
  it('G2: share its inbox, and each task is claimed by one of them', async () => {
    const [one, two] = [
      await bench.member({ concurrency: 2, run: bench.holds }),
      await bench.member({ concurrency: 2, run: bench.holds }),
    ];
    const workflows = await bench.begin(4);
    await holding(one, 2);
    await holding(two, 2);
    for (const wf of workflows) expect(await bench.events(wf, 'TaskStarted')).toBe(1);
    await bench.end();
    await bench.member({ run: bench.completes });
    await Promise.all(workflows.map((wf) => bench.completed(wf)));
  });

  it('claim no more tasks than they have places', async () => {
    const member = await bench.member({ concurrency: 3, run: bench.holds });
    const workflows = await bench.begin(8);
    await holding(member, 3);
    const started = await Promise.all(workflows.map((wf) => bench.events(wf, 'TaskStarted')));
    expect(started.filter((count) => count > 0)).toHaveLength(3);
    const ofOne = member.claimed[0]!;
    await bench.release(ofOne, 'completed');
    await eventually(() => ofOne.lost.aborted, { what: 'the heartbeat says that it is gone' });
    await holding(member, 4);
    await bench.end();
    await bench.member({ run: bench.completes });
    await Promise.all(workflows.map((wf) => bench.completed(wf)));
  });

  it('S4: take over what another read and did not claim', async () => {
    const { partitions } = bench.store;
    await (await bench.member({ run: bench.completes })).worker.stop();
    const [wf] = await bench.begin(1);
    const key = partitions.inbox(partitions.of(wf!), crew.inbox);
    await bench.redis.xreadgroup('GROUP', 'lockstep', 'killed', 'STREAMS', key, '>');
    await bench.member({ run: bench.completes });
    await bench.completed(wf!);
    expect(await bench.redis.xlen(key)).toBe(0);
  });

  it('leave a task that they do not know to those that do', async () => {
    const old = await bench.member({ run: bench.completes });
    const [wf] = await bench.begin(1, 'fresh');
    await eventually(async () => (await pendingOf(wf!)) === 1, { what: 'it is read' });
    await bench.member({ tasks: [crew.run, crew.fresh], run: bench.completes });
    await bench.completed(wf!);
    expect(old.claimed).toHaveLength(0);
  });

  const pendingOf = async (wf: WorkflowId): Promise<number> => {
    const { partitions } = bench.store;
    const key = partitions.inbox(partitions.of(wf), crew.inbox);
    const [count] = (await bench.redis.xpending(key, 'lockstep')) as [number];
    return count;
  };

  it('S5: register again when the store knows them no more', async () => {
    const member = await bench.member({ heartbeatMs: 60_000, run: bench.completes });
    const [before] = await bench.begin(1);
    await bench.completed(before!);
    await bench.reap(await workerOf(before!));
    const [wf] = await bench.begin(1);
    await bench.completed(wf!);
    expect(member.claimed).toHaveLength(2);
  });

  it('go on where they were when the server was killed and is back', async () => {
    const member = await bench.member({ concurrency: 8, run: bench.holds });
    const running = await bench.begin(4);
    await holding(member, 4);
    await bench.server.kill();
    await bench.server.start();
    const workflows = await bench.begin(4);
    await holding(member, 8);
    await Promise.all(member.claimed.map(bench.completes));
    await Promise.all([...running, ...workflows].map((wf) => bench.completed(wf)));
    for (const wf of [...running, ...workflows]) {
      expect(await bench.story(wf)).toEqual(['TaskStarted', 'TaskCompleted']);
    }
  });
});

describe('a worker that starts', () => {
  it('G6: waits while its store has no memory left, and takes work once there is some', async () => {
    const { redis } = bench;
    await redis.config('SET', 'maxmemory', '1');
    await redis.config('RESETSTAT');
    const starting = bench.member({ run: bench.completes });
    const refused = async (): Promise<boolean> =>
      (await redis.info('errorstats')).includes('errorstat_OOM');
    await eventually(refused, { what: 'the store has refused it' });
    await redis.config('SET', 'maxmemory', '0');
    await starting;
    const [wf] = await bench.begin(1);
    await bench.completed(wf!);
  });
});

describe('a worker that loses a claim', () => {
  it('S6: tells the task when the store took it back', async () => {
    const member = await bench.member({ run: bench.holds });
    const [wf] = await bench.begin(1);
    await holding(member, 1);
    const [first] = member.claimed;
    await bench.reap(await workerOf(wf!));
    expect(await untilLost(first!)).toBeInstanceOf(ClaimLost);
    await holding(member, 2);
    expect(member.claimed[1]).toMatchObject({ wf, epoch: 2, dispatch: 2 });
    expect(member.claimed[1]!.history.map(({ type }) => type)).toEqual([
      'TaskScheduled',
      'TaskStarted',
      'LeaseExpired',
      'TaskStarted',
    ]);
    await bench.completes(member.claimed[1]!);
    await bench.completed(wf!);
    const guesses = /lockstep_wrong_guess_total [12]\b/; // one a partition; a count is lost with the reply that tells it
    await eventually(async () => guesses.test(await member.metrics.registry.metrics()), {
      what: 'a wrong guess is counted',
    });
  });

  it('lets go by itself when no heartbeat was acknowledged for as long as the lease', async () => {
    const member = await bench.member({ leaseMs: 1000, run: bench.holds });
    await bench.begin(1);
    await holding(member, 1);
    await bench.server.freeze();
    try {
      expect(await untilLost(member.claimed[0]!)).toMatchObject({
        message: 'the lease ended: no heartbeat was acknowledged',
      });
    } finally {
      await bench.server.thaw();
    }
  });

  it('S8: tells a running task what was addressed to it', async () => {
    const woken: number[] = [];
    const member = await bench.member({
      async run(claimed) {
        claimed.onWoken((version) => {
          woken.push(version);
          claimed.seen(version);
        });
        await bench.holds(claimed);
      },
    });
    await bench.begin(1);
    await holding(member, 1);
    await ringAt(member.claimed[0]!);
    await eventually(() => woken.length > 0, { what: 'the task is woken' });
    expect(woken[0]).toBe(5);
  });
});

describe('a worker that is drained', () => {
  it('hands back what it holds, takes no more, and is seen until it ends', async () => {
    const { partitions } = bench.store;
    const crewReader = new CrewReader(bench.redis, partitions);
    const leaving = await bench.member({ concurrency: 8, run: bench.holds });
    const workflows = await bench.begin(12);
    await holding(leaving, 8);
    const [member] = await crewReader.list();
    expect(member).toMatchObject({ inbox: crew.inbox, leases: 2, held: 8, order: null });

    const order = { by: 'ann', reason: 'a new machine', atMs: 1 };
    await bench.store.drain(0, member!.id, order);
    await eventually(async () => (await crewReader.list())[0]?.held === 0, {
      what: 'it holds nothing any more',
    });
    await bench.member({ concurrency: 16, run: bench.completes });
    await Promise.all(workflows.map((wf) => bench.completed(wf)));
    expect(leaving.claimed).toHaveLength(8);
    expect(leaving.worker.isRunning).toBe(false);
    for (const wf of workflows) expect(await bench.events(wf, 'LeaseExpired')).toBe(0);
    expect(await crewReader.list()).toContainEqual(
      expect.objectContaining({ id: member!.id, order }),
    );
    await leaving.worker.stop();
    expect((await crewReader.list()).map(({ id }) => id)).not.toContain(member!.id);
  });
});

describe('a worker that ends', () => {
  it('hands back all that it holds, and nothing counts as an attempt', async () => {
    const member = await bench.member({ concurrency: 16, run: bench.holds });
    const workflows = await bench.begin(40);
    await holding(member, 16);
    await member.worker.stop();
    const held = member.claimed.map(({ wf }) => wf);
    for (const wf of held) {
      expect(await bench.story(wf)).toEqual(['TaskStarted', 'TaskReleased']);
    }
    await bench.member({ concurrency: 16, run: bench.completes });
    await Promise.all(workflows.map((wf) => bench.completed(wf)));
    for (const wf of workflows) expect(await bench.events(wf, 'LeaseExpired')).toBe(0);
  });

  it('gives back what a task did not hand back in time', async () => {
    const member = await bench.member({
      run: (claimed) => untilLost(claimed).then(() => undefined),
    });
    const [wf] = await bench.begin(1);
    await holding(member, 1);
    await member.worker.stop();
    await bench.member({ run: bench.completes });
    await bench.completed(wf!);
    expect(await bench.story(wf!)).toEqual([
      'TaskStarted',
      'LeaseExpired',
      'TaskStarted',
      'TaskCompleted',
    ]);
  });

  it('S5: is looked after no more, whatever it held', async () => {
    const member = await bench.member({ run: bench.holds });
    await bench.begin(1);
    await holding(member, 1);
    await member.worker.stop();
    const { partitions } = bench.store;
    for (const partition of [0, 1])
      expect(await bench.redis.zcard(partitions.workers(partition))).toBe(0);
  });

  it('leaves no consumer with messages behind', async () => {
    const member = await bench.member({ concurrency: 1, run: bench.holds });
    await bench.begin(1);
    await holding(member, 1);
    await member.worker.stop();
    await bench.member({ run: bench.completes });
    const { partitions } = bench.store;
    for (const partition of [0, 1]) {
      const key = partitions.inbox(partition, crew.inbox);
      await eventually(async () => (await bench.redis.xlen(key)) === 0, {
        what: 'no message is left',
      });
      const [count] = (await bench.redis.xpending(key, 'lockstep')) as [number];
      expect(count).toBe(0);
    }
  });
});
