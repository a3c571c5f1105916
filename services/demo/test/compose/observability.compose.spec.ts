import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ComposeProject, eventually, PROJECT, type Tunnel } from '@lockstep/testing';
import { describeAtFullLength, Installation } from './installation.js';
import { Load, NONE } from './load.js';

const DASHBOARDS = join(PROJECT, 'deploy', 'grafana', 'dashboards');
const SEEN_WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 2_000;
const ALERT = 'LockstepRoleWithoutWorkers';

interface Rule {
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly health: string;
  readonly state?: string;
}

interface Samples {
  readonly result: readonly unknown[];
}

describeAtFullLength('Prometheus beside an installation (LOCKSTEP_TEST_FULL=1)', () => {
  let installation: Installation;
  let project: ComposeProject;
  let prometheus: Tunnel;

  beforeAll(async () => {
    installation = await Installation.current();
    project = installation.project.with({ profiles: ['observability'] });
    await project.deploy('prometheus'); // Grafana's image has no stand-in
    await project.ready();
    prometheus = await project.tunnel({ service: 'prometheus', port: 9090 }, 'supervisor');
  });
  afterAll(async () => {
    await prometheus[Symbol.asyncDispose]();
    await project.compose('rm', '--stop', '--force', 'prometheus');
  });

  async function ask<Data>(path: string): Promise<Data> {
    const answer = await fetch(new URL(`/api/v1/${path}`, prometheus.url));
    const { status, data, error } = (await answer.json()) as {
      status: string;
      data: Data;
      error?: string;
    };
    if (status !== 'success') throw new Error(`${path}: ${error}`);
    return data;
  }

  const query = (text: string) => ask<Samples>(`query?query=${encodeURIComponent(text)}`);

  const rules = async (): Promise<Rule[]> => {
    const { groups } = await ask<{ groups: readonly { rules: readonly Rule[] }[] }>('rules');
    return groups.flatMap((group) => group.rules);
  };

  const seen = (attempt: () => Promise<boolean>, what: string) =>
    eventually(attempt, { what, timeoutMs: SEEN_WITHIN_MS, everyMs: LOOK_EVERY_MS });

  it('finds every service, and each rule and each query of a dashboard can be answered', async () => {
    const load = Load.begin(installation);
    await seen(async () => {
      const { activeTargets } = await ask<{ activeTargets: readonly { health: string }[] }>(
        'targets?state=active',
      );
      // Two supervisors and projectors, a gateway, six roles and the shop.
      return activeTargets.filter(({ health }) => health === 'up').length === 12;
    }, 'every target is up');
    await seen(
      async () => (await rules()).every(({ health }) => health === 'ok'),
      'rules are well',
    );
    for (const expression of await dashboardQueries()) await query(expression);
    expect((await query('role:lockstep_workers:max')).result.length).toBeGreaterThanOrEqual(6);
    expect(await load.damage()).toEqual(NONE);
  });

  it('raises an alert when a role is stopped while work waits, and takes it back', async () => {
    const stateOf = async () => (await rules()).find(({ name }) => name === ALERT)?.state;
    await project.compose('stop', 'notifier'); // each job ends with a mail
    const load = Load.of(10, installation, { inFlight: 10 });
    await seen(async () => (await stateOf()) === 'firing', `${ALERT} fires`);
    await project.compose('start', 'notifier');
    expect(await load.damage()).toEqual(NONE);
    await seen(async () => (await stateOf()) === 'inactive', `${ALERT} is over`);
  });
});

/** What every panel asks for, over all values of the dashboards' variables. */
async function dashboardQueries(): Promise<string[]> {
  const files = (await readdir(DASHBOARDS)).map((name) => readFile(join(DASHBOARDS, name), 'utf8'));
  const expressions = (await Promise.all(files)).flatMap((text) =>
    [...text.matchAll(/"expr": "((?:[^"\\]|\\.)*)"/g)].map(
      ([, expression = '']) => JSON.parse(`"${expression}"`) as string,
    ),
  );
  return expressions.map((each) =>
    each
      .replaceAll(/\$__rate_interval|\$__interval|\$__range/g, '5m')
      .replaceAll(/\$\{?\w+(?::\w+)?\}?/g, '.*'),
  );
}
