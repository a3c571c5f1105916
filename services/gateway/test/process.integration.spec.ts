import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, startRedis, type RedisServer } from '@lockstep/testing';
import { eventsOf, restOf } from './event-source.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** With the time that a process takes to start, on a busy machine. */
const LONGER_THAN_CALLERS_MS = 8000;

describe('the process of a gateway', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  }, 30_000);
  afterAll(() => server.stop());

  const run = (settings: NodeJS.ProcessEnv): { child: ChildProcess; output: () => string } => {
    const env = { ...process.env, LOCKSTEP_REDIS_URL: server.url, NODE_OPTIONS: '', ...settings };
    const child = spawn(process.execPath, [MAIN], { env });
    let text = '';
    for (const pipe of [child.stdout, child.stderr]) {
      pipe.on('data', (chunk: Buffer) => (text += chunk.toString()));
    }
    return { child, output: () => text };
  };
  const urlIn = (output: string): string | undefined => /"url":"(http:[^"]+)"/.exec(output)?.[1];

  it('refuses to listen to others without a key, in one sentence with the way out', async () => {
    const { child, output } = run({ LOCKSTEP_HTTP_HOST: '0.0.0.0' });
    const [status] = (await once(child, 'close')) as [number];
    expect(status).toBe(1);
    expect(output()).toContain('gateway cannot start: LOCKSTEP_HTTP_HOST is "0.0.0.0"');
    expect(output()).toContain('LOCKSTEP_API_KEYS');
    expect(output()).not.toContain('    at ');
  }, 60_000);

  it('G6: waits for a Redis that does not answer, longer than its callers would, and serves when it does', async () => {
    await server.freeze();
    const { child, output } = run({});
    const beganMs = performance.now();
    const ended = once(child, 'close');
    await eventually(() => performance.now() - beganMs > LONGER_THAN_CALLERS_MS, {
      what: 'callers would have been told that the store is away',
      timeoutMs: 45_000,
    });
    await server.thaw();
    await eventually(() => child.exitCode !== null || urlIn(output()), {
      ...{ what: 'it listens', timeoutMs: 45_000 },
    });
    expect(output()).not.toContain('cannot start');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  }, 120_000);

  it('says under which id it answered, and ends its streams and itself when told to', async () => {
    const { child, output } = run({ LOCKSTEP_LOG_LEVEL: 'debug' });
    const url = await eventually(() => urlIn(output()), { what: 'it listens', timeoutMs: 45_000 });
    const headers = { 'x-request-id': 'q-1' };
    expect((await fetch(`${url}/v1/workflows`, { headers })).status).toBe(200);
    const stream = eventsOf(await fetch(`${url}/v1/live`));
    await stream.next();
    child.kill('SIGTERM');
    await restOf(stream);
    const [status] = (await once(child, 'close')) as [number];
    expect(status).toBe(0);
    expect(output()).toMatch(/"req":\{"id":"q-1"/);
  }, 60_000);
});
