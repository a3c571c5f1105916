import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RecordedEvent, WorkflowId } from '@lockstep/kernel';
import { isFullRun, Proxy } from '@lockstep/testing';
import { expectOneHistory } from './history.js';
import { Stage } from './stage.js';
import { nap, round, walk } from './team/contracts.js';

jest.setTimeout(isFullRun ? 300_000 : 90_000);

let stage: Stage;

beforeEach(async () => {
  stage = await Stage.set({ appendfsync: 'always' });
});
afterEach(() => stage[Symbol.asyncDispose]());

/** Times that Redis is killed under load. */
const KILLS = isFullRun ? 20 : 2;

const names = (what: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${what}-${n + 1}`);

const countOf = async (wfs: WorkflowId[], type: RecordedEvent['type']): Promise<number> =>
  (await Promise.all(wfs.map((wf) => stage.eventsOf(wf, type)))).flat().length;

describe('a supervisor that is killed', () => {
  it('G6: leaves due timers and dead workers to the next ones, which do everything once', async () => {
    const [supervisor, agent] = await Promise.all([
      stage.supervisor(),
      stage.lead({ LOCKSTEP_LEASE_MS: '3000' }),
    ]);
    const inside = stage.world.hold('steps/stuck/second');
    const stuck = await stage.begin(walk, 'stuck');
    await inside.reached();
    const naps = await Promise.all(names('nap', 20).map((name) => stage.begin(nap, name)));
    const asleep = async (): Promise<boolean> => (await countOf(naps, 'TaskSuspended')) === 20;
    await stage.until('all are asleep', asleep, naps);

    await Promise.all([supervisor.kill(), agent.kill()]);
    await stage.until('all timers are due', async () => (await dueTimers()) >= 20);
    expect(await countOf([...naps, stuck], 'LeaseExpired')).toBe(0);
    inside.open();
    await Promise.all([stage.supervisor(), stage.supervisor(), stage.lead()]);
    for (const wf of naps) expect(await stage.completed(wf)).toEqual(['before', 'after']);
    expect(await stage.completed(stuck)).toEqual(['first', 'second', 'third']);
    expect(await countOf(naps, 'TimerFired')).toBe(20);
    expect(await countOf([...naps, stuck], 'LeaseExpired')).toBe(1);
  });

  async function dueTimers(): Promise<number> {
    const { partitions, redis } = stage;
    const [seconds] = await redis.time();
    const due = partitions.tags.map((_, partition) =>
      redis.zcount(partitions.timers(partition), '-inf', Number(seconds) * 1000),
    );
    return (await Promise.all(due)).reduce((sum, count) => sum + count, 0);
  }
});

describe('a Redis that is frozen for five seconds', () => {
  it('S7 G6: under load, has nobody declared dead, and the work goes on', async () => {
    const short = { LOCKSTEP_LEASE_MS: '4000', LOCKSTEP_HEARTBEAT_MS: '500' };
    const agents = [stage.lead(short), stage.lead(), stage.helper(short), stage.helper()];
    const team = await Promise.all([...agents, stage.supervisor(), stage.supervisor()]);
    const held = names('held', 10).map((name) => stage.world.hold(`steps/${name}/second`));
    const walks = await Promise.all(names('held', 10).map((name) => stage.begin(walk, name)));
    await Promise.all(held.map((gate) => gate.reached()));
    const rounds = await Promise.all(names('round', 30).map((name) => stage.begin(round, name)));
    const enough = async (): Promise<boolean> => (await countOf(rounds, 'WorkflowCompleted')) >= 5;
    await stage.until('5 have been done', enough, rounds);

    await stage.server.freeze();
    await pause(5000);
    await stage.server.thaw();
    for (const gate of held) gate.open();
    for (const wf of [...walks, ...rounds]) {
      await stage.completed(wf);
      expectOneHistory(await stage.events(wf));
    }
    expect(await deaths([...walks, ...rounds])).toEqual([]);
    expect([...stage.world.payments].sort()).toEqual(names('round', 30).sort());
    expect(team.filter((each) => !each.isRunning)).toEqual([]);
  });

  /** Why tasks were taken from their workers, unless these had let go of them themselves. */
  async function deaths(wfs: WorkflowId[]): Promise<string[]> {
    const expired = await Promise.all(wfs.map((wf) => stage.eventsOf(wf, 'LeaseExpired')));
    const reasons = expired.flat().map(({ meta }) => meta.reason);
    return reasons.filter((reason) => reason !== 'unlisted');
  }
});

describe('a Redis that is killed', () => {
  it('G3: after it recorded what it could not answer, is told again and records nothing twice', async () => {
    await using proxy = await Proxy.to(stage.server.port);
    const agent = await stage.lead({ LOCKSTEP_REDIS_URL: `redis://127.0.0.1:${proxy.port}` });
    const recorded = proxy.holdAnswers('StepCompleted');
    const wf = await stage.begin(walk, 'unanswered');
    await recorded.sprung();
    await stage.happens(wf, 'StepCompleted');
    await stage.server.restart();
    expect(await stage.completed(wf)).toEqual(['first', 'second', 'third']);
    expect(stage.world.timesDone('unanswered/first')).toBe(1);
    expect(await stage.eventsOf(wf, 'StepCompleted')).toHaveLength(3);
    expect(await stage.eventsOf(wf, 'TaskStarted')).toHaveLength(1);
    expect(agent.isRunning).toBe(true);
  });

  it('G1 G3 G5: under load, has every workflow done, nothing twice, by the same processes', async () => {
    const agents = [stage.lead(), stage.lead(), stage.helper(), stage.helper()];
    const team = await Promise.all([...agents, stage.supervisor()]);
    const errands = names('round', 15 * (KILLS + 1));
    const begin = (from: number, to: number): Promise<WorkflowId[]> =>
      Promise.all(errands.slice(from, to).map((name) => stage.begin(round, name)));
    const wfs = await begin(0, 15);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const done = 5 + 15 * kill;
      const enough = async (): Promise<boolean> =>
        (await countOf(wfs, 'WorkflowCompleted')) >= done;
      await stage.until(`${done} have been done`, enough, wfs);
      await stage.server.kill();
      const more = begin(wfs.length, wfs.length + 15);
      await stage.server.start();
      wfs.push(...(await more));
    }
    for (const [at, wf] of wfs.entries()) {
      const receipt = `receipt of ${errands[at]!}`;
      expect(await stage.completed(wf)).toEqual(['before', 'part-1', 'part-2', receipt, 'after']);
      expectOneHistory(await stage.events(wf));
    }
    expect([...stage.world.payments].sort()).toEqual([...errands].sort());
    expect(team.filter((each) => !each.isRunning)).toEqual([]);
  });
});
