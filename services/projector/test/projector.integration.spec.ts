import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parseView, type WorkflowId } from '@lockstep/kernel';
import { HeadReader, LIBRARY } from '@lockstep/store';
import { eventually, Proxy, type ServiceProcess } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { PARTITIONS, Stage } from './stage.js';

jest.setTimeout(60_000);

/** Workflows in every state that one can be in. */
async function everyKind(stage: Stage): Promise<WorkflowId[]> {
  const cancel = { commandId: 'c1', reason: 'a mistake', by: 'ann', rollback: false };
  const untouched = await stage.start();
  const working = await stage.working(2);
  const completed = await stage.working(1);
  await completed.change(2, { notes: ['b', 'a'], cents: 0.1 });
  await completed.change(3, { cents: 0.2 });
  await completed.complete();
  const failed = await stage.working(1);
  await failed.fail();
  const parked = await stage.working(1);
  await parked.intend(2);
  await parked.park(2);
  const suspended = await stage.working(1);
  await suspended.suspend(2, 60_000);
  const signalled = await stage.working(0);
  await signalled.suspend(1, 60_000);
  const signal = { name: 'go', id: 's1', version: 1 };
  await stage.store.signal({ wf: signalled.wf, id: 's1', name: 'go', meta: signal, payload: '{}' });
  const cancelled = await stage.working(1);
  await stage.store.cancel({ wf: cancelled.wf, ...cancel });
  const cancelling = await stage.working(0);
  await cancelling.intend(1);
  await stage.store.cancel({ wf: cancelling.wf, ...cancel });
  const held = [working, completed, failed, parked, suspended, signalled, cancelled, cancelling];
  return [untouched, await stage.start('nap', 'rival'), ...held.map(({ wf }) => wf)];
}

describe('the projector', () => {
  let stage: Stage;
  let workflows: WorkflowId[];
  let projector: ServiceProcess;
  beforeAll(async () => {
    stage = await Stage.open();
    workflows = await everyKind(stage);
    projector = await stage.projector();
  });
  afterAll(async () => {
    await projector[Symbol.asyncDispose]();
    await stage[Symbol.asyncDispose]();
  });

  const restart = async (): Promise<void> => {
    projector = await stage.projector();
  };

  it('folds every log into a view, in the status that its head has', async () => {
    await stage.upToDate(...workflows);
    const heads = new HeadReader(stage.redis, stage.partitions);
    for (const wf of workflows) {
      const { status, version } = (await heads.read(wf))!;
      expect(await stage.views.get(wf)).toMatchObject({ wf, status, version });
      expect(parseView((await stage.views.get(wf))!.body)).toMatchObject({ status, defect: null });
    }
  });

  it('lists a tenant’s workflows by type and status', async () => {
    const list = async (query: object): Promise<string[]> => {
      const page = await stage.views.list({ tenant: 'acme', limit: 100, ...query });
      return page.views.map(({ wf }) => wf).sort();
    };
    expect(await list({})).toEqual(workflows.filter((wf) => wf !== workflows[1]).sort());
    expect(await list({ tenant: 'rival', type: 'nap' })).toEqual([workflows[1]]);
    expect(await list({ status: 'completed' })).toEqual([workflows[3]]);
    expect(await list({ status: 'parked' })).toEqual([workflows[4]!, workflows[5]!].sort());
    expect(await list({ status: 'cancelling' })).toEqual([workflows[9]]);
  });

  it('tells whoever waits for a view that it was written', async () => {
    const subscriber = new Redis(stage.server.url);
    const heard: string[] = [];
    subscriber.on('message', (_, message: string) => heard.push(message));
    const channels = stage.partitions.tags.map((_, p) => stage.partitions.views(p));
    await subscriber.subscribe(...channels);
    const { wf } = await stage.working(1);
    await eventually(() => heard.includes(`${wf} 4`), { what: 'version 4 is told' });
    subscriber.disconnect();
  });

  it('G8: can be thrown away and rebuilt from the logs to the same bytes', async () => {
    await stage.upToDate(...workflows);
    const before = await stage.projected();
    expect(await projector.stop()).toEqual({ status: 0, signal: null });
    await stage.rebuild();
    expect(await stage.projected()).toEqual(before);
    await restart();
  });

  it('G8: can be rebuilt while a projector runs, which goes on behind it', async () => {
    const held = await stage.working(3);
    await stage.upToDate(held.wf);
    const before = await stage.projected();
    await stage.rebuild();
    expect(await stage.projected()).toEqual(before);
    await held.complete();
    await stage.upToDate(held.wf);
  });

  it('rebuilds by itself what has no checkpoint', async () => {
    await projector.stop();
    const before = await stage.projected();
    const ours = (await stage.redis.keys('ls:*')).filter((key) => /:(view|list|lease):/.test(key));
    await stage.redis.del(
      ...ours,
      ...stage.partitions.tags.map((_, p) => stage.partitions.feed(p)),
    );
    await restart();
    await stage.upToDate(...workflows);
    expect(await stage.projected()).toEqual(before);
  });

  it('G6: goes on behind its checkpoint after it was killed', async () => {
    const before = await stage.working(2);
    await stage.upToDate(before.wf);
    await projector.kill();
    const meanwhile = await stage.working(2);
    await before.step(3);
    await restart();
    await before.step(4);
    await stage.upToDate(before.wf, meanwhile.wf);
  });

  it('G6: goes on after Redis was killed and came back', async () => {
    const held = await stage.working(1);
    await stage.upToDate(held.wf);
    await stage.server.restart();
    await held.step(2);
    await stage.upToDate(held.wf);
  });

  it('S11: folds a view anew when the log does not have its last event any more', async () => {
    const held = await stage.working(2);
    await stage.upToDate(held.wf);
    const log = stage.partitions.log(held.wf);
    const entries = await stage.redis.xrange(log, '-', '+');
    await stage.redis.del(log);
    for (const [id, fields] of entries) {
      const others = fields.map((field) => field.replace('"s2"', '"other"'));
      await stage.redis.xadd(log, id, ...others);
    }
    await held.step(3);
    await stage.upToDate(held.wf);
    expect((await stage.views.get(held.wf))?.body).toContain('"other"');
    expect(await projector.metric('lockstep_view_rebuild_total')).toBeGreaterThan(0);
  });

  it('keeps folding others when one log cannot be folded', async () => {
    const broken = await stage.working(0);
    const sound = await stage.working(1);
    await broken.append([
      {
        event: {
          ...{ type: 'StateChanged', task: broken.task, op: 1 },
          ...{ meta: { fields: ['cents'] }, data: 'not JSON' },
        },
      },
    ]);
    await sound.step(2);
    await stage.upToDate(sound.wf);
    const failed = (): Promise<number> => projector.metric('lockstep_view_unfoldable_total');
    await eventually(async () => (await failed()) > 0, { what: 'the broken log is counted' });
  });
});

describe('several projectors', () => {
  const held = (projector: ServiceProcess): Promise<number> =>
    projector.metric('lockstep_projector_partitions');

  it('share the partitions, and take over from one that was killed', async () => {
    await using stage = await Stage.open();
    await using first = await stage.projector();
    const all = { what: 'the first has all partitions' };
    await eventually(async () => (await held(first)) === PARTITIONS, all);
    await using second = await stage.projector();
    const half = { what: 'each has half of the partitions' };
    const shares = async (): Promise<number[]> => [await held(first), await held(second)];
    await eventually(async () => (await shares()).every((count) => count === PARTITIONS / 2), half);

    const workflows = await everyKind(stage);
    await first.kill();
    await stage.upToDate(...workflows);
    await eventually(async () => (await held(second)) === PARTITIONS, { what: 'it has all' });
  });

  it('G8: frozen past its lease, has its late views refused, and takes its share when it wakes', async () => {
    await using stage = await Stage.open();
    await using proxy = await Proxy.to(stage.server.port);
    const url = `redis://127.0.0.1:${proxy.port}`;
    await using zombie = await stage.projector({ LOCKSTEP_REDIS_URL: url });
    const { wf, step } = await following(stage, zombie);
    const late = proxy.holdRequests(`${LIBRARY}_project`);
    await step(2);
    await late.sprung();
    zombie.signal('SIGSTOP');
    await using other = await stage.projector();
    await stage.upToDate(wf);
    await step(3);
    await stage.upToDate(wf);

    const before = await stage.projected();
    const refused = proxy.watchAnswers('fenced');
    proxy.letGo();
    await refused.sprung();
    expect(await stage.projected()).toEqual(before);
    zombie.signal('SIGCONT');
    const shares = async (): Promise<number[]> => [await held(zombie), await held(other)];
    const half = { what: 'each has half of the partitions' };
    await eventually(async () => (await shares()).every((count) => count === PARTITIONS / 2), half);
    await step(4);
    await stage.upToDate(wf);
  });

  /** A workflow whose view the only projector has written. */
  async function following(
    stage: Stage,
    projector: ServiceProcess,
  ): Promise<{ wf: WorkflowId; step: (op: number) => Promise<void> }> {
    const all = { what: 'it has all partitions' };
    await eventually(async () => (await held(projector)) === PARTITIONS, all);
    const working = await stage.working(1);
    await stage.upToDate(working.wf);
    return { wf: working.wf, step: (op) => working.step(op) };
  }

  it('give their partitions back when they end', async () => {
    await using stage = await Stage.open();
    await using projector = await stage.projector();
    const all = { what: 'it has all partitions' };
    await eventually(async () => (await held(projector)) === PARTITIONS, all);
    expect(await projector.stop()).toEqual({ status: 0, signal: null });
    for (const partition of stage.partitions.tags.keys()) {
      expect(await stage.store.lease(partition, 'projector', 'next', 1000)).toMatchObject({
        reply: 'ok',
        epoch: 2,
      });
    }
  });
});
