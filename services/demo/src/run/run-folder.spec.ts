import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openRun } from './run-folder.js';

const NO_PROCESS = '4194305';

describe('the folder of a run', () => {
  let parent: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'lockstep-runs-'));
  });
  afterEach(() => rm(parent, { recursive: true }));

  const leave = async (name: string, pid: string) => {
    await mkdir(join(parent, name));
    await writeFile(join(parent, name, 'pid'), pid);
  };

  it('is another one for each run', async () => {
    const [one, two] = [await openRun(parent), await openRun(parent)];
    expect(one.id).not.toBe(two.id);
    expect(existsSync(one.logs)).toBe(true);
  });

  it('has an id that may name a database', async () => {
    expect((await openRun(parent)).id).toMatch(/^\d{8}-\d{6}-[0-9a-f]{4}$/);
  });

  it('stays for a few runs more', async () => {
    for (const day of [1, 2, 3, 4, 5]) await leave(`2020010${day}-000000-0000`, NO_PROCESS);
    await openRun(parent);
    expect(existsSync(join(parent, '20200101-000000-0000'))).toBe(false);
    expect(existsSync(join(parent, '20200102-000000-0000'))).toBe(true);
  });

  it('stays while its run is up', async () => {
    await leave('20200101-000000-0000', String(process.pid));
    for (const day of [2, 3, 4, 5, 6]) await leave(`2020010${day}-000000-0000`, NO_PROCESS);
    await openRun(parent);
    expect(existsSync(join(parent, '20200101-000000-0000'))).toBe(true);
  });
});
