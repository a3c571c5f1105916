import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Store } from '@lockstep/store';
import type { WorkflowId } from '@lockstep/kernel';
import type { ServiceProcess } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { isBy, Stage } from './stage.js';
import { handing, sharing, waiting, walk } from './team/contracts.js';

let stage: Stage;
let helpers: ServiceProcess[];

beforeAll(async () => {
  stage = await Stage.set();
  const few = { LOCKSTEP_CONCURRENCY: '2' };
  const roles = [stage.lead(), stage.helper(few), stage.helper(few)];
  [, ...helpers] = await Promise.all([...roles, stage.supervisor()]);
});
afterAll(() => stage[Symbol.asyncDispose]());

describe('a team of processes', () => {
  it('G6: hands a task on, and what the other role answers is the result', async () => {
    const wf = await stage.begin(handing, 'handing');
    expect(await stage.completed(wf)).toEqual(['finish']);
    expect(stage.world.steps).toEqual(['handing/before', 'handing/finish']);
    expect(await stage.eventsOf(wf, 'TaskHandedOff')).toMatchObject([{ task: 'r' }]);
    expect(await stage.eventsOf(wf, 'TaskCompleted')).toMatchObject([{ task: 'r.2' }]);
  });

  it('G6: takes a signal that was sent before anybody waited, and only once', async () => {
    const before = stage.world.hold('steps/early/before');
    const wf = await stage.begin(waiting, 'early');
    await before.reached();
    const replies = [await stage.tell(wf, 'go'), await stage.tell(wf, 'go')];
    expect(replies.map(({ reply }) => reply)).toEqual(['ok', 'duplicate']);
    before.open();
    expect(await stage.completed(wf)).toEqual(['before', 'go', 'after']);
    expect(await stage.eventsOf(wf, 'TaskSuspended')).toEqual([]);
    expect(await stage.eventsOf(wf, 'SignalReceived')).toHaveLength(1);
  });

  it('G6: joins a fan-out of two replicas one of which is killed, and wakes the parent once', async () => {
    const parts = [1, 2, 3, 4].map((n) => stage.world.hold(`steps/sharing/part-${n}`));
    const wf = await stage.begin(sharing, 'sharing');
    await Promise.all(parts.map((part) => part.reached()));
    const started = (await stage.eventsOf(wf, 'TaskStarted')).filter(({ task }) => task !== 'r');
    const [doomed] = helpers;
    expect(started.filter((event) => isBy(doomed!, event))).toHaveLength(2);
    await stage.watched(doomed!);
    await doomed!.kill();
    await stage.world.brokenOff(2);
    for (const part of parts.reverse()) part.open();
    expect(await stage.completed(wf)).toEqual(['part-1', 'part-2', 'part-3', 'part-4']);
    for (const n of [1, 2, 3, 4]) expect(stage.world.timesDone(`sharing/part-${n}`)).toBe(1);
    expect(await startsOfParent(wf)).toBe(2);
  });

  const startsOfParent = async (wf: WorkflowId): Promise<number> =>
    (await stage.eventsOf(wf, 'TaskStarted')).filter(({ task }) => task === 'r').length;
});

describe('a workflow that is started many times at once under one key', () => {
  it('G3: runs once, whoever starts it', async () => {
    const other = new Redis(stage.server.url);
    const stores = [stage.store, new Store(other, stage.partitions)];
    const starts = Array.from({ length: 10 }, (_, n) =>
      stage.start(stores[n % stores.length]!, walk, 'once'),
    );
    const replies = (await Promise.all(starts)).map(({ reply }) => reply).sort();
    other.disconnect();
    expect(replies).toEqual([...Array<string>(9).fill('duplicate'), 'ok']);
    await stage.completed(await stage.begin(walk, 'once'));
    expect(stage.world.timesDone('once/first')).toBe(1);
  });

  it('G3: runs once behind two gateways', async () => {
    const gateways = await Promise.all([stage.gateway(), stage.gateway()]);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => startOver(gateways[n % gateways.length]!)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(9).fill(200),
      201,
    ]);
    const [wf, ...others] = new Set(answers.map(({ id }) => id));
    expect(others).toEqual([]);
    await stage.completed(wf!);
    expect(stage.world.timesDone('over-http/first')).toBe(1);
  });

  async function startOver({ url }: ServiceProcess): Promise<{ status: number; id: WorkflowId }> {
    const response = await fetch(new URL('/v1/workflows', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'over-http' },
      body: JSON.stringify({ type: walk.type, request: { name: 'over-http' } }),
    });
    const { id } = (await response.json()) as { id: WorkflowId };
    return { status: response.status, id };
  }
});
