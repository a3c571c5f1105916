import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, ServiceProcess } from '../src/index.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-service-'));
});
afterEach(() => rm(folder, { recursive: true }));

const LISTENS = `
  import { createServer } from 'node:http';
  const server = createServer((request, response) => {
    if (request.url === '/metrics') response.write('jobs{of="a"} 2\\njobs{of="b"} 3\\njobs_failed 7\\n');
    response.end();
  });
  server.listen(0, '127.0.0.1', () => {
    const url = 'http://127.0.0.1:' + server.address().port;
    console.log(JSON.stringify({ msg: 'listening', url }));
  });`;

async function spawn(source: string): Promise<ServiceProcess> {
  const main = join(folder, 'main.mjs');
  await writeFile(main, source);
  return ServiceProcess.spawn({ name: 'one', main, env: {}, log: join(folder, 'one.log') });
}

describe('a service as a process', () => {
  it('is ready when it answers so, and tells its metrics', async () => {
    await using service = await spawn(LISTENS);
    await service.ready();
    expect(await service.metric('jobs')).toBe(5);
    expect(await service.lines()).toHaveLength(1);
  });

  it('is not ready while it says that it is not', async () => {
    await using service = await spawn(
      LISTENS.replace('response.end()', 'response.writeHead(503).end()'),
    );
    const listens = async () => (await service.lines()).length === 1;
    await eventually(listens, { what: 'it listens' });
    expect(await service.isReady()).toBe(false);
  });

  it('tells its last lines when it ends before it is ready', async () => {
    const service = await spawn("console.log('no Redis'); process.exit(1);");
    await expect(service.ready()).rejects.toThrow(/one ended before it was ready:(.|\n)*no Redis/);
    expect(await service.exit).toEqual({ status: 1, signal: null });
  });

  it('ends by SIGTERM or at once, and says how', async () => {
    const polite = await spawn(`${LISTENS} process.on('SIGTERM', () => process.exit(0));`);
    await polite.ready();
    expect(await polite.stop()).toEqual({ status: 0, signal: null });
    const other = await spawn(LISTENS);
    await other.kill();
    expect(await other.exit).toEqual({ status: null, signal: 'SIGKILL' });
    expect(other.isRunning).toBe(false);
  });
});
