import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createService } from '@lockstep/host';
import { LogReader, Partitions, randomWorkflowId, ROOT_TASK, Store } from '@lockstep/store';
import { eventually, type RedisServer, startRedis } from '@lockstep/testing';
import type { INestApplication } from '@nestjs/common';
import { Redis } from 'ioredis';
import { connectWorker } from '../../src/agent/run-agent.js';
import { AgentConfig } from '../../src/index.js';
import { Bank } from './bank.js';
import { refundJob, refunds } from './refunds.contracts.js';
import { RefundsModule } from './refunds.module.js';

describe('the agent of the guide', () => {
  const entries: unknown[] = [];
  let outside: Server;
  let server: RedisServer;
  let redis: Redis;
  let app: INestApplication;

  beforeAll(async () => {
    outside = createServer((request, response) => {
      request.on('data', (body: Buffer) => entries.push(JSON.parse(body.toString())));
      request.on('end', () => response.end(JSON.stringify({ entryId: `e${entries.length}` })));
    });
    await new Promise<void>((listening) => outside.listen(0, '127.0.0.1', listening));
    const { port } = outside.address() as AddressInfo;
    server = await startRedis();
    redis = new Redis(server.url);
    const bank = { provide: Bank, useValue: new Bank(`http://127.0.0.1:${port}`) };
    const module = { module: RefundsModule, providers: [bank] };
    app = await createService(module, {
      name: 'refunds',
      config: AgentConfig,
      environment: { LOCKSTEP_REDIS_URL: server.url, LOCKSTEP_LOG_LEVEL: 'silent' },
      configure: connectWorker(refunds),
    });
  });
  afterAll(async () => {
    await app.close();
    redis.disconnect();
    await server.stop();
    outside.close();
    outside.closeAllConnections();
  });

  it('waits for a confirmation of a high amount, and books it once', async () => {
    const partitions = new Partitions(8);
    const store = new Store(redis, partitions);
    const log = new LogReader(redis, partitions);
    const wf = randomWorkflowId();
    const { type, root } = refundJob;
    const merges = { phase: 'last', notes: 'append' } as const;
    await store.start({
      ...{ wf, tenant: 'acme', type, digest: 'd', root: ROOT_TASK, inbox: root.inbox },
      started: { type, version: 1, tenant: 'acme', root: ROOT_TASK, merges },
      scheduled: {
        ...{ role: root.role, major: root.major, name: root.name, version: root.version },
        ...{ by: null, returnTo: null },
      },
      request: JSON.stringify({ orderId: 'W7', amountCents: 60_000 }),
    });
    const types = async () => (await log.all(wf)).map((event) => event.type);
    await eventually(async () => (await types()).includes('TaskSuspended'), { what: 'it waits' });
    expect(entries).toEqual([]);

    const meta = { name: 'confirm', id: 's1', version: 1 };
    await store.signal({ wf, id: 's1', name: 'confirm', meta, payload: '{"by":"ann"}' });
    await eventually(async () => (await types()).includes('WorkflowCompleted'), {
      what: 'its end',
    });
    expect(entries).toEqual([{ reference: 'W7', amountCents: 60_000 }]);
    expect((await log.all(wf)).at(-2)?.data).toBe('{"entryId":"e1"}');
  });
});
