import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import {
  DeadLetterReader,
  HeadReader,
  LetterRedriver,
  type RedriveJob,
  RedriveJobs,
  type RedriveState,
} from '@lockstep/store';
import { redriving, type RedrivingPorts } from '../src/redrives/redrives.js';
import { type PlayedWorker, Stage } from './stage.js';

const WEEK_MS = 7 * 86_400_000;

describe('the redrive of many dead letters', () => {
  let stage: Stage;
  let worker: PlayedWorker;
  let jobs: RedriveJobs;
  beforeAll(async () => {
    stage = await Stage.open();
    jobs = new RedriveJobs(stage.redis);
  });
  afterAll(() => stage[Symbol.asyncDispose]());
  beforeEach(async () => {
    await stage.redis.flushall();
    worker = await stage.worker();
  });

  const dead = async (): Promise<WorkflowId> => {
    const wf = await stage.start();
    const held = await worker.claim(wf);
    await held.fail();
    return wf;
  };
  const ports = (more: Partial<RedrivingPorts> = {}): RedrivingPorts => {
    const heads = new HeadReader(stage.redis, stage.partitions);
    return {
      ...{ jobs, store: stage.store, redriven: () => undefined },
      letters: new DeadLetterReader(stage.redis, stage.partitions),
      redriver: new LetterRedriver(heads, stage.log, stage.store),
      ...more,
    };
  };
  const begin = (more: Partial<RedriveJob> = {}): Promise<RedriveState> =>
    jobs.create({
      ...{ id: 'rd-1', by: 'ann', reason: 'the bank is back', perSecond: 2, atMs: Date.now() },
      query: { tenant: 'acme', role: 'clerk', untilMs: Date.now() + 1000 },
      ...more,
    });
  const state = async (): Promise<RedriveState | null> => jobs.get('rd-1');
  const reopened = async (wf: WorkflowId): Promise<number> =>
    (await stage.log.all(wf)).filter(({ type }) => type === 'TaskReopened').length;

  it('takes no more letters in a round than the rate allows, until none is left', async () => {
    const workflows = [await dead(), await dead(), await dead()];
    await begin();
    const round = redriving(ports());
    await round(0);
    expect(await state()).toMatchObject({ status: 'running', progress: { redriven: 2 } });
    await round(0);
    expect(await state()).toMatchObject({ status: 'done', progress: { redriven: 3, refused: 0 } });
    for (const wf of workflows) expect(await reopened(wf)).toBe(1);
    const last = (await stage.log.all(workflows[0]!)).at(-1);
    expect(last?.meta).toMatchObject({ by: 'ann', reason: 'the bank is back' });
  });

  it('G4: repeats nothing when whoever worked it off died before that was written down', async () => {
    const workflows = [await dead(), await dead(), await dead()];
    await begin();
    const lost = Object.assign(Object.create(jobs) as RedriveJobs, {
      save: () => Promise.reject(new Error('died')),
    });
    await expect(redriving(ports({ jobs: lost }))(0)).rejects.toThrow('died');
    await stage.redis.del(stage.partitions.lease(0, 'redrives'));
    const round = redriving(ports());
    await round(0);
    await round(0);
    expect(await state()).toMatchObject({ status: 'done' });
    for (const wf of workflows) expect(await reopened(wf)).toBe(1);
  });

  it('is worked off by one supervisor at a time', async () => {
    const wf = await dead();
    await begin();
    await stage.store.lease(0, 'redrives', 'another', 60_000);
    await redriving(ports())(0);
    expect(await reopened(wf)).toBe(0);
  });

  it('goes on behind a letter that is refused, and says why', async () => {
    const refused = await dead();
    const wf = await dead();
    await begin();
    const redriver = ports().redriver;
    const refusing: RedrivingPorts['redriver'] = {
      redrive: (letter, job) =>
        letter.wf === refused
          ? Promise.resolve({ id: 'l1', code: 'RedriveRefused', message: 'its caller went on' })
          : redriver.redrive(letter, job),
    };
    const round = redriving(ports({ redriver: refusing }));
    await round(0);
    await round(0);
    expect(await reopened(wf)).toBe(1);
    expect(await state()).toMatchObject({
      status: 'done',
      progress: { redriven: 1, refused: 1, refusals: [{ code: 'RedriveRefused' }] },
    });
  });

  it('tells why the task of a letter cannot go again', async () => {
    await dead();
    const { letters } = await ports().letters.list({ tenant: 'acme' }, { limit: 1 });
    const { job } = await begin();
    expect(await ports().redriver.redrive(letters[0]!, job)).toBeNull();
    expect(await ports().redriver.redrive(letters[0]!, { ...job, id: 'rd-2' })).toMatchObject({
      code: 'RedriveRefused',
    });
  });

  it('touches no letter of another tenant, role or time', async () => {
    const wf = await dead();
    const round = redriving(ports());
    for (const query of [
      { tenant: 'rival', untilMs: Date.now() + 1000 },
      { tenant: 'acme', role: 'bank', untilMs: Date.now() + 1000 },
      { tenant: 'acme', untilMs: 1 },
    ]) {
      await jobs.forget('rd-1');
      await begin({ query });
      await round(0);
      expect(await state()).toMatchObject({ status: 'done', progress: { redriven: 0 } });
    }
    expect(await reopened(wf)).toBe(0);
  });

  it('ends when it is stopped, and is forgotten after a week', async () => {
    const wf = await dead();
    await begin();
    await jobs.stop('rd-1', 'bob', 'the bank is away again');
    await redriving(ports())(0);
    expect(await reopened(wf)).toBe(0);
    expect(await state()).toMatchObject({ status: 'stopped', stopped: { by: 'bob' } });
    await stage.redis.del(stage.partitions.lease(0, 'redrives'));
    await redriving(ports(), () => Date.now() + 2 * WEEK_MS)(0);
    expect(await state()).toBeNull();
  });
});
