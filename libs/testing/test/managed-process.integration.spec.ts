import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, freePort, ManagedProcess } from '../src/index.js';

const MAIN = `
  import { createServer } from 'node:http';
  createServer((_, response) => response.end(process.env.RELEASE)).listen(process.env.PORT, '127.0.0.1');`;

let folder: string;
let service: ManagedProcess;
const crashes: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-managed-'));
  const main = join(folder, 'main.mjs');
  await writeFile(main, MAIN);
  const port = await freePort();
  const spec = { service: 'one', name: 'one-1', main, port, log: join(folder, 'one.log') };
  service = new ManagedProcess(
    { ...spec, env: { PORT: String(port), RELEASE: '1' } },
    ({ name }, status) => crashes.push(`${name} ${status}`),
  );
  await service.start();
  await service.ready();
});
afterEach(async () => {
  await service.stop();
  await rm(folder, { recursive: true });
});

const release = async () => (await fetch(service.url, { signal: AbortSignal.timeout(500) })).text();

/** Waits for the process behind another one. */
const another = (pid: number | undefined) =>
  eventually(() => service.pid !== undefined && service.pid !== pid, { what: 'it runs again' });

describe('a process that is kept up', () => {
  it('is started again when it is killed, and when it ends by itself, which is told', async () => {
    const { pid } = service;
    service.kill();
    await another(pid);
    await service.ready();
    expect(crashes).toEqual([]);
    const second = service.pid;
    service.signal('SIGTERM');
    await another(second);
    await service.ready();
    expect(crashes).toEqual(['one-1 SIGTERM']);
  });

  it('is replaced by one that is told something else, and stays so', async () => {
    expect(await release()).toBe('1');
    for (const end of [() => service.replace({ RELEASE: '2' }), () => service.kill()]) {
      const { pid } = service;
      end();
      await another(pid);
      await service.ready();
      expect(await release()).toBe('2');
    }
  });

  it('answers nothing while it is frozen', async () => {
    service.freeze();
    await expect(release()).rejects.toThrow('timeout');
    expect(service.isFrozen).toBe(true);
    service.thaw();
    expect(await release()).toBe('1');
    expect(service.isFrozen).toBe(false);
  });
});
