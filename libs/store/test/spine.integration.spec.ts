import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis } from '@lockstep/testing';
import { Redis } from 'ioredis';
import type { ClaimId, NewEvent, WorkerId } from '@lockstep/kernel';
import {
  loadLibrary,
  LogReader,
  Partitions,
  randomWorkflowId,
  ROOT_TASK,
  Store,
} from '../src/index.js';

describe('the store', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let redis: Redis;
  let store: Store;

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    await loadLibrary(redis);
    store = new Store(redis, new Partitions(8));
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it('G1 G3: takes a task from its start over a claim to its end in one log', async () => {
    const wf = randomWorkflowId();
    const partition = store.partitions.of(wf);
    const worker = 'w1' as WorkerId;
    const claim = 'c1' as ClaimId;
    await store.heartbeat(partition, worker, 1, 5000, []);
    const started = await store.start({
      wf,
      tenant: 'acme',
      type: 'job',
      digest: 'd',
      root: ROOT_TASK,
      inbox: 'orders@1',
      started: { type: 'job', version: 1, tenant: 'acme', root: ROOT_TASK },
      scheduled: { role: 'orders', major: 1, name: 'lookup', version: 1, by: null, returnTo: null },
      request: '{"orderId":"#W1"}',
    });
    expect(started).toEqual({ reply: 'ok', version: 2 });
    const claimed = await store.claim({
      wf,
      task: ROOT_TASK,
      dispatch: 1,
      claim,
      worker,
      beat: 1,
      inbox: 'orders@1',
      message: '0-1',
      deadlineMs: 30_000,
    });
    expect(claimed).toMatchObject({
      reply: 'ok',
      epoch: 1,
      version: 3,
      tenant: 'acme',
      mode: 'run',
    });
    const event = (type: NewEvent['type'], op: number, meta: object, data = ''): NewEvent =>
      ({ type, task: ROOT_TASK, op, meta, data }) as NewEvent;
    const append = {
      wf,
      task: ROOT_TASK,
      claim,
      number: 1,
      readUpTo: 3,
      items: [{ event: event('StepCompleted', 1, { name: 'a', attempt: 1 }, '[]') }],
    };
    expect(await store.append(append)).toMatchObject({
      reply: 'ok',
      from: 4,
      to: 4,
      released: false,
    });
    expect(await store.append(append)).toMatchObject({
      reply: 'duplicate',
      from: 4,
      to: 4,
      released: false,
    });
    const done = await store.append({
      ...append,
      number: 2,
      items: [{ event: event('TaskCompleted', 0, { version: 1, returnTo: null }, '{"n":1}') }],
      release: { as: 'completed' },
    });
    expect(done).toMatchObject({ reply: 'ok', from: 5, to: 5, released: true });
    const log = await new LogReader(redis, store.partitions).all(wf);
    expect(log.map(({ version, type }) => [version, type])).toEqual([
      [1, 'WorkflowStarted'],
      [2, 'TaskScheduled'],
      [3, 'TaskStarted'],
      [4, 'StepCompleted'],
      [5, 'TaskCompleted'],
    ]);
    expect(log[3]?.data).toBe('[]');
    expect(await redis.hget(store.partitions.head(wf), 'status')).toBe('completed');
  });
});
