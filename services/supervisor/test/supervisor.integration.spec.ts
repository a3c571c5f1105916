import { describe, expect, it, jest } from '@jest/globals';
import type { RecordedEvent, WorkflowId } from '@lockstep/kernel';
import { eventually, type ServiceProcess } from '@lockstep/testing';
import { type Held, INBOX, type PlayedWorker, Stage } from './stage.js';

jest.setTimeout(60_000);

/** Waits until the log of a workflow ends with an event of this type; answers that event. */
const ending = (stage: Stage, wf: WorkflowId, type: string): Promise<RecordedEvent> =>
  eventually(
    async () => {
      const last = (await stage.log.all(wf)).at(-1)!;
      return last.type === type && last;
    },
    { what: `the log of ${wf} ends with ${type}` },
  );

const metric = (supervisor: ServiceProcess, name: string, value: number): Promise<unknown> =>
  eventually(async () => (await supervisor.metric(name)) === value, {
    what: `${name} is ${value}`,
  });

/** Operations whose timers have fired, in the order of the log. */
const fired = async (stage: Stage, wf: WorkflowId): Promise<number[]> =>
  (await stage.log.all(wf)).filter(({ type }) => type === 'TimerFired').map(({ op }) => op);

const expiries = async (stage: Stage, wf: WorkflowId): Promise<number> =>
  (await stage.log.all(wf)).filter(({ type }) => type === 'LeaseExpired').length;

async function waiting(stage: Stage): Promise<number> {
  const lanes = stage.partitions.tags.flatMap((_, p) =>
    [INBOX, `${INBOX}:bulk`].map((lane) => stage.redis.xlen(stage.partitions.inbox(p, lane))),
  );
  return (await Promise.all(lanes)).reduce((sum, length) => sum + length, 0);
}

/** Workflows that sleep for all of these times at once; what an inbox gets from here on wakes one of them. */
async function sleeping(
  stage: Stage,
  worker: PlayedWorker,
  count: number,
  delaysMs: readonly number[],
): Promise<WorkflowId[]> {
  const held: Held[] = [];
  for (let i = 0; i < count; i += 1) held.push(await worker.claim(await stage.start()));
  const inboxes = stage.partitions.tags.map((_, p) => stage.partitions.inbox(p, INBOX));
  await stage.redis.del(...inboxes);
  for (const each of held) await each.suspend(delaysMs);
  return held.map(({ wf }) => wf);
}

const DELAYS_MS = [0, 50, 100, 200, 400, 800];

async function allFiredOnce(stage: Stage, workflows: readonly WorkflowId[]): Promise<void> {
  for (const wf of workflows) {
    const what = `every timer of ${wf} has fired`;
    await eventually(async () => (await fired(stage, wf)).length >= DELAYS_MS.length, { what });
    expect((await fired(stage, wf)).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  }
  expect(await waiting(stage)).toBe(workflows.length); // each was woken once
}

describe('a supervisor', () => {
  it('G6: takes tasks back when the lease of their worker has ended', async () => {
    await using stage = await Stage.open();
    const worker = await stage.worker(500);
    const held = await worker.claim(await stage.start());
    const supervisor = await stage.supervisor();
    const { meta } = await ending(stage, held.wf, 'LeaseExpired');
    expect(meta).toMatchObject({ worker: worker.id, reason: 'lease' });
    expect(await held.step(1)).toBe('fenced');
    await metric(supervisor, 'lockstep_reaped_tasks_total', 1);
    await (await stage.worker()).claim(held.wf, 2);
  });

  it('G6: takes a worker for dead when none of its connections is left', async () => {
    await using stage = await Stage.open();
    const supervisor = await stage.supervisor();
    const [dead, alive] = [await stage.worker(), await stage.worker()];
    const lost = await dead.claim(await stage.start());
    const kept = await alive.claim(await stage.start());
    await metric(supervisor, 'lockstep_workers_watched', 2);
    dead.disconnect();
    const { meta } = await ending(stage, lost.wf, 'LeaseExpired');
    expect(meta).toMatchObject({ worker: dead.id, reason: 'connections' });
    expect(await kept.step(1)).toBe('ok');
    await metric(supervisor, 'lockstep_guess_total', 1);
  });

  it('G2: is told of a wrong guess, which cost the worker its tasks and nothing else', async () => {
    await using stage = await Stage.open();
    const supervisor = await stage.supervisor();
    const worker = await stage.worker();
    const held = await worker.claim(await stage.start());
    await metric(supervisor, 'lockstep_workers_watched', 1);
    worker.disconnect();
    await ending(stage, held.wf, 'LeaseExpired');
    await metric(supervisor, 'lockstep_workers_watched', 0);
    await worker.connect();
    const replies = await worker.beat(600_000);
    expect(replies.some(({ wronglyGivenUp }) => wronglyGivenUp)).toBe(true);
    expect(await held.step(1)).toBe('fenced');
    const again = await worker.claim(held.wf, 2);
    expect(await again.step(1)).toBe('ok');
  });

  it('leaves a worker alone whose connections have no name', async () => {
    await using stage = await Stage.open();
    const supervisor = await stage.supervisor();
    const [named, nameless] = [await stage.worker(), await stage.worker(600_000, 'nameless')];
    const kept = await nameless.claim(await stage.start());
    const lost = await named.claim(await stage.start());
    await metric(supervisor, 'lockstep_workers_watched', 1);
    named.disconnect();
    await ending(stage, lost.wf, 'LeaseExpired');
    expect(await kept.step(1)).toBe('ok');
  });

  it('takes a task from a living worker when its attempt is over time', async () => {
    await using stage = await Stage.open();
    await stage.supervisor();
    const worker = await stage.worker();
    const held = await worker.claim(await stage.start(), 1, 200);
    await ending(stage, held.wf, 'AttemptTimedOut');
    expect(await held.step(1)).toBe('fenced');
  });

  it('G3: fires each timer once, however many supervisors there are', async () => {
    await using stage = await Stage.open();
    const worker = await stage.worker();
    await Promise.all([stage.supervisor(), stage.supervisor()]);
    await allFiredOnce(stage, await sleeping(stage, worker, 40, DELAYS_MS));
  });

  it('G3 G6: takes each task back once, however many supervisors there are', async () => {
    await using stage = await Stage.open();
    const [expiring, leaving] = [await stage.worker(1000), await stage.worker()];
    const held: WorkflowId[] = [];
    for (const worker of Array.from({ length: 15 }, () => [expiring, leaving]).flat())
      held.push((await worker.claim(await stage.start())).wf);
    const supervisors = await Promise.all([stage.supervisor(), stage.supervisor()]);
    for (const supervisor of supervisors) await metric(supervisor, 'lockstep_workers_watched', 1);
    leaving.disconnect();
    for (const wf of held) await ending(stage, wf, 'LeaseExpired');
    const reaped = (): Promise<number[]> =>
      Promise.all(supervisors.map((each) => each.metric('lockstep_reaped_tasks_total')));
    const all = async (): Promise<boolean> => (await reaped()).reduce((a, b) => a + b) === 30;
    await eventually(all, { what: 'both have counted what they took' });
    for (const wf of held) expect(await expiries(stage, wf)).toBe(1);
  });

  it('G6: fires what came due while no supervisor lived', async () => {
    await using stage = await Stage.open();
    const worker = await stage.worker();
    const killed = await stage.supervisor();
    const workflows = await sleeping(stage, worker, 20, DELAYS_MS);
    await killed.kill();
    await stage.supervisor();
    await allFiredOnce(stage, workflows);
  });

  it('G6: goes on when Redis was killed and came back', async () => {
    await using stage = await Stage.open();
    const worker = await stage.worker();
    const supervisor = await stage.supervisor();
    const workflows = await sleeping(stage, worker, 10, DELAYS_MS);
    await stage.server.restart();
    await allFiredOnce(stage, workflows);
    expect((await fetch(new URL('/health/live', supervisor.url))).status).toBe(200);
    expect(await supervisor.stop()).toEqual({ status: 0, signal: null });
  });

  it('trims the feed up to the checkpoint of its reader, and never without one', async () => {
    await using stage = await Stage.open();
    const started = await Promise.all(Array.from({ length: 40 }, () => stage.start()));
    const [read, unread] = [stage.partitions.of(started[0]!), stage.partitions.of(started[0]!) + 1];
    const feedOf = async (partition: number): Promise<string[]> => {
      const feed = stage.partitions.feed(partition % stage.partitions.count);
      return (await stage.redis.xrange(feed, '-', '+')).map(([id]) => id);
    };
    const before = [await feedOf(read), await feedOf(unread)];
    const checkpoint = before[0]![2]!;
    const lease = await stage.store.lease(read, 'projector', 'test', 60_000);
    if (lease.reply !== 'ok') throw new Error('the lease is taken');
    await stage.store.project(read, 'projector', 'test', lease.epoch, checkpoint, []);
    const supervisor = await stage.supervisor();
    await metric(supervisor, 'lockstep_trim_total', 2);
    expect([await feedOf(read), await feedOf(unread)]).toEqual([before[0]!.slice(2), before[1]]);
  });

  it('shows how much lies where', async () => {
    await using stage = await Stage.open();
    const worker = await stage.worker();
    await sleeping(stage, worker, 3, [600_000]);
    await worker.claim(await stage.start());
    await (await worker.claim(await stage.start())).fail();
    const supervisor = await stage.supervisor();
    await stage.store.targets.declare('bank');
    const why = { commandId: 'c1', state: 'open', by: 'ann', reason: 'away' } as const;
    await stage.store.targets.force('bank', why);
    await metric(supervisor, 'lockstep_workers', 1);
    const shown = async (name: string): Promise<number> => supervisor.metric(`lockstep_${name}`);
    expect(await shown('inbox_waiting')).toBe(2); // played claims name no message
    expect(await shown('inbox_oldest_seconds')).toBeGreaterThan(0);
    expect(await shown('dead_letters')).toBe(1);
    expect(await shown('timers')).toBe(4); // three sleeps and a deadline
    expect(await shown('timer_overdue_seconds')).toBe(0);
    expect(await shown('held')).toBe(1);
    expect(await shown('breaker_state')).toBe(2);
    expect(await shown('target_waiting')).toBe(0);
    expect(await shown('target_permits')).toBe(0);
    expect(await shown('feed_entries')).toBeGreaterThan(0);
    expect(await shown('feed_lag_seconds')).toBeGreaterThan(0); // there is no projector
  });
});
