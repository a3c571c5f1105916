import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { retailJob } from '@lockstep/retail/contracts';
import { GatewayClient } from './gateway-client.js';

type Answer = readonly [status: number, body: object];

const job = { job: 'a', database: 'run.a', userId: 'u', actions: [] };
const result = { results: [], transferred: false };
const STARTED: Answer = [201, { id: 'wf-1' }];

describe('the gateway as its user sees it', () => {
  let server: Server;
  let answers: Answer[];
  let asked: IncomingMessage[];
  let end: AbortController;

  beforeEach(async () => {
    asked = [];
    end = new AbortController();
    server = createServer((request, response) => {
      asked.push(request);
      const [status, body] = answers.shift() ?? [202, {}];
      response.writeHead(status).end(JSON.stringify(body));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const run = (key?: string) => {
    const { port } = server.address() as AddressInfo;
    const client = new GatewayClient(`http://127.0.0.1:${port}`, end.signal, key);
    return client.run('run.a', retailJob, job);
  };

  it('starts a job under its key and waits for its result', async () => {
    answers = [STARTED, [202, {}], [200, { result }]];
    expect(await run()).toEqual({ workflow: 'wf-1', result });
    expect(asked[0]?.headers['idempotency-key']).toBe('run.a');
  });

  it('shows its API key with whatever it asks', async () => {
    answers = [STARTED, [200, { result }]];
    await run('a-key');
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer a-key',
      'Bearer a-key',
    ]);
  });

  it('asks again under the same key when the gateway is away', async () => {
    answers = [[503, {}], STARTED, [200, { result }]];
    expect(await run()).toEqual({ workflow: 'wf-1', result });
    expect(asked[1]?.headers['idempotency-key']).toBe('run.a');
  });

  it('tells why a job is parked', async () => {
    const details = { error: [{ message: 'no such user' }] };
    answers = [STARTED, [409, { detail: 'workflow wf-1 is parked', details }]];
    expect(await run()).toEqual({ problem: 'workflow wf-1 is parked: no such user' });
  });

  it('tells why a job was rolled back', async () => {
    const details = { error: [{ message: 'Error: sold out' }, { message: 'of the shop' }] };
    answers = [STARTED, [409, { code: 'WorkflowFailed', detail: 'wf-1 has failed', details }]];
    expect(await run()).toEqual({ workflow: 'wf-1', failure: 'Error: sold out' });
  });

  it('gives up when it is told to', async () => {
    answers = [STARTED];
    const running = run();
    end.abort();
    expect(await running).toEqual({ problem: 'run.a did not end' });
  });
});
