import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ComposeProject, PROJECT } from '@lockstep/testing';
import { countPoints } from '../../../../deploy/example-role/src/contracts.js';
import { GatewayClient } from '../../src/feed/gateway-client.js';
import { describeAtFullLength, Installation } from './installation.js';
import { Load, NONE } from './load.js';

const run = promisify(execFile);

const EXAMPLE = join(PROJECT, 'deploy', 'example-role');
const WITHIN_MS = 120_000;
const POINTS_PER_ORDER = 10;

describeAtFullLength('a role from outside this repository (LOCKSTEP_TEST_FULL=1)', () => {
  let installation: Installation;
  let project: ComposeProject;
  let folder: string;

  beforeAll(async () => {
    installation = await Installation.current();
    await installation.project.ready();
    folder = await mkdtemp(join(tmpdir(), 'lockstep-example-role-'));
    await cp(EXAMPLE, folder, { recursive: true });
    await run(process.execPath, [join(PROJECT, 'deploy', 'pack.mjs'), join(folder, 'packages')]);
    project = installation.project.with({
      files: [join(PROJECT, 'docker-compose.yml'), join(folder, 'docker-compose.yml')],
      variables: { LOYALTY_DIR: folder, LOYALTY_VERSION: 'test' },
    });
    await project.build('loyalty', 'gateway');
  });
  afterAll(async () => {
    await project.compose('rm', '--stop', '--force', 'loyalty');
    await installation.project.deploy('gateway');
    await installation.project.ready();
    await rm(folder, { recursive: true });
  });

  it('joins a running installation, is started through its API and asks its roles', async () => {
    const load = Load.begin(installation);
    await load.goesOn();
    await project.compose('up', '--detach', '--no-build', '--no-deps', 'loyalty', 'gateway');
    await project.ready('loyalty', 'gateway');
    const client = new GatewayClient(
      installation.url,
      AbortSignal.timeout(WITHIN_MS),
      installation.key,
    );
    const [userId, user] = Object.entries(installation.data.initial.users)[0]!;
    const request = { database: 'loyalty', userId };
    const end = await client.run('count-points-of-the-first', countPoints, request);
    const points = user.orders.length * POINTS_PER_ORDER;
    expect(end).toMatchObject({ result: { points } });
    expect(await load.damage()).toEqual(NONE);
  });
});
