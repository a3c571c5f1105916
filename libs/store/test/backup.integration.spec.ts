import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROJECT, startRedis } from '@lockstep/testing';
import { connectRedis } from '../src/index.js';
import { LIBRARY, Scene, startOf } from './support/scene.js';

const run = promisify(execFile);
const MOST_BYTES = 64 * 1024 * 1024;

const script = (name: string): string => join(PROJECT, 'deploy', 'backup', name);

/** Runs the project's script as its page says. */
const restore = (backup: string, to: string) =>
  run('sh', ['-c', `sh '${script('restore.sh')}' '${to}' <'${backup}'`]);

describe('a backup', () => {
  let scene: Scene;
  let folder: string;
  let backup: string;
  const before = startOf();
  const after = startOf();

  beforeAll(async () => {
    scene = await Scene.open();
    folder = await mkdtemp(join(tmpdir(), 'lockstep-backup-'));
    backup = join(folder, 'lockstep.rdb');
    await scene.store.start(before);
    const { port } = scene.redis.options;
    const { stdout } = await run('sh', [script('backup.sh')], {
      encoding: 'buffer',
      maxBuffer: MOST_BYTES,
      env: { ...process.env, REDIS_PORT: String(port), TMPDIR: folder },
    });
    await writeFile(backup, stdout);
    await scene.store.start(after);
  });
  afterAll(async () => {
    await scene[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('is one moment of a running store, and restores to it: logs, inboxes and functions', async () => {
    const dir = join(folder, 'restored');
    await mkdir(dir);
    await restore(backup, dir);
    await using server = await startRedis({ dir });
    const redis = connectRedis({ url: server.url, name: 'restored' });
    try {
      const [log, later] = [before, after].map(({ wf }) => scene.partitions.log(wf));
      expect(await redis.dump(log!)).toEqual(await scene.redis.dump(log!));
      expect(await redis.exists(later!)).toBe(0);
      expect(await redis.call('FUNCTION', 'LIST', 'LIBRARYNAME', LIBRARY)).toHaveLength(1);
      await redis.set('written-after', 'yes');
      await server.restart();
      expect(await redis.get('written-after')).toBe('yes');
    } finally {
      redis.disconnect();
    }
  });

  it('is not restored over data that is there', async () => {
    const dir = join(folder, 'in-use');
    await mkdir(join(dir, 'appendonlydir'), { recursive: true });
    await expect(restore(backup, dir)).rejects.toThrow('is there already');
  });

  it('is not restored when it was cut off, and leaves nothing behind', async () => {
    const dir = join(folder, 'from-part');
    const part = join(folder, 'part.rdb');
    await mkdir(dir);
    await writeFile(part, (await readFile(backup)).subarray(0, -40));
    await expect(restore(part, dir)).rejects.toThrow('failed');
    expect(await readdir(dir)).toEqual([]);
  });
});
