import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import { LogReader, Partitions, randomWorkflowId, ROOT_TASK, Store } from '@lockstep/store';
import { eventually, type RedisServer, startRedis } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { AgentProcess } from './process/agent-process.js';
import { Gate } from './process/gate.js';

jest.setTimeout(60_000);

let server: RedisServer;
let redis: Redis;
let store: Store;
let log: LogReader;
let gate: Gate;
const started: AgentProcess[] = [];

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  const partitions = new Partitions(8);
  store = new Store(redis, partitions);
  log = new LogReader(redis, partitions);
});
beforeEach(async () => {
  gate = await Gate.open();
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.kill()));
  gate.close();
  await redis.flushall();
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

async function launch(settings: Readonly<Record<string, string>> = {}): Promise<AgentProcess> {
  const env = { LOCKSTEP_REDIS_URL: server.url, GATE_URL: gate.url, ...settings };
  const agent = await AgentProcess.start(env);
  started.push(agent);
  return agent;
}

const agent = async (): Promise<AgentProcess> => (await launch()).ready();

async function begin(): Promise<WorkflowId> {
  const wf = randomWorkflowId();
  await store.start({
    ...{ wf, tenant: 'acme', type: 'job', digest: 'd', root: ROOT_TASK, inbox: 'gated@1' },
    started: { type: 'job', version: 1, tenant: 'acme', root: ROOT_TASK },
    scheduled: { role: 'gated', major: 1, name: 'run', version: 1, by: null, returnTo: null },
    request: 'null',
  });
  return wf;
}

const completes = (wf: WorkflowId) =>
  eventually(async () => (await redis.hget(store.partitions.head(wf), 'status')) === 'completed', {
    what: 'the workflow completes',
  });

const story = async (wf: WorkflowId): Promise<string[]> =>
  (await log.all(wf)).slice(2).map(({ type }) => type);

/** What the supervisor does when it sees that a worker has no connection left. */
async function reapHolderOf(wf: WorkflowId): Promise<void> {
  const held = (await log.all(wf)).findLast(({ type }) => type === 'TaskStarted');
  const { worker } = held!.meta as { worker: string };
  await store.reap(store.partitions.of(wf), 100, [worker]);
}

describe('the process of an agent', () => {
  it('G4 G6: killed inside a step, leaves a task that goes on elsewhere at that step', async () => {
    const killed = await agent();
    const wf = await begin();
    await gate.pass('first');
    await gate.isAskedFor('second');
    await killed.kill();
    await agent();
    await reapHolderOf(wf);
    await eventually(() => gate.asked.length === 3, { what: 'the step runs again' });
    await gate.pass('second');
    await completes(wf);
    expect(gate.asked).toEqual(['first', 'second', 'second']);
    expect(await story(wf)).toEqual([
      'TaskStarted',
      'StepCompleted',
      'LeaseExpired',
      'TaskStarted',
      'StepCompleted',
      'TaskCompleted',
      'WorkflowCompleted',
    ]);
  });

  it('G2: frozen past its lease, appends nothing when it wakes', async () => {
    const frozen = await agent();
    const wf = await begin();
    await gate.isAskedFor('first');
    frozen.signal('SIGSTOP');
    await agent();
    await reapHolderOf(wf);
    await eventually(() => gate.asked.length === 2, { what: 'the step runs again' });
    await gate.pass('first');
    frozen.signal('SIGCONT');
    await gate.pass('second');
    await completes(wf);
    const steps = (await log.all(wf)).filter(({ type }) => type === 'StepCompleted');
    expect(steps.map(({ epoch, op }) => [epoch, op])).toEqual([
      [2, 1],
      [2, 2],
    ]);
  });

  it('ends with status 0 on SIGTERM, and hands back what it holds', async () => {
    const ending = await agent();
    const wf = await begin();
    await gate.isAskedFor('first');
    ending.signal('SIGTERM');
    await gate.pass('first');
    expect(await ending.ended()).toMatchObject({ status: 0 });
    expect(await story(wf)).toEqual(['TaskStarted', 'StepCompleted', 'TaskReleased']);
  });

  it('ends at once on a second signal', async () => {
    const ending = await agent();
    await server.freeze();
    try {
      ending.signal('SIGTERM');
      ending.signal('SIGINT');
      const { status } = await ending.ended();
      expect([128 + 2, 128 + 15]).toContain(status);
    } finally {
      await server.thaw();
    }
  });

  it('says in one sentence which settings do not fit, and ends with status 1', async () => {
    const { status, output } = await (await launch({ LOCKSTEP_CONCURRENCY: 'many' })).ended();
    expect(status).toBe(1);
    expect(output.trim()).toBe(
      'gated cannot start: LOCKSTEP_CONCURRENCY is "many", but it must not be greater than 1000 and ' +
        'it must not be less than 1 and it must be an integer number: set it so, or unset it for "32"',
    );
  });

  it('says in one sentence that its port is taken, and ends with status 1', async () => {
    const { port } = new URL(gate.url);
    const { status, output } = await (await launch({ LOCKSTEP_HTTP_PORT: port })).ended();
    expect(status).toBe(1);
    expect(output.split('\n')).toContain(
      `gated cannot start: listen EADDRINUSE: address already in use 127.0.0.1:${port}`,
    );
  });

  it('does not start against an installation with another number of partitions', async () => {
    await redis.hset('ls:installation', 'partitions', 4);
    const { status, output } = await (await launch()).ended();
    expect(status).toBe(1);
    expect(output).toMatch(/^gated cannot start: .*partitions/);
    expect(output).not.toContain(' at ');
  });

  it('is live and not ready while Redis does not answer', async () => {
    const { url } = await agent();
    await server.freeze();
    try {
      const ready = await fetch(`${url}/health/ready`);
      expect([ready.status, (await fetch(`${url}/health/live`)).status]).toEqual([503, 200]);
    } finally {
      await server.thaw();
    }
    await eventually(async () => (await fetch(`${url}/health/ready`)).ok, { what: 'ready again' });
  });
});
