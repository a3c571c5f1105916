import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually, hasPrometheus, PROJECT, promtool } from '@lockstep/testing';
import { Installation } from './observed/installation.js';
import { Prometheus } from './observed/prometheus.js';

jest.setTimeout(180_000);

const JOBS = 12;

interface Dashboard {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
}

/** The queries of all dashboards, as Grafana sends them. */
const queries = globSync('deploy/grafana/dashboards/*.json', { cwd: PROJECT }).flatMap((file) => {
  const { panels } = JSON.parse(readFileSync(join(PROJECT, file), 'utf8')) as Dashboard;
  return panels.flatMap(({ targets = [] }) =>
    targets.map(({ expr }) =>
      expr.replaceAll('$__rate_interval', '10s').replaceAll('$service', 'orders'),
    ),
  );
});

/** What an alert looks at; of errors of the store there is nothing before the first. */
const selectorsIn = (expression: string): string[] =>
  (expression.match(/\b(?:lockstep_\w+|nodejs_\w+|\w+:\w+:\w+)(?:\{[^}]*\})?/g) ?? []).filter(
    (selector) => !selector.startsWith('lockstep_store_errors_total'),
  );

/** Names what is left when time is up. */
const becomesEmpty = (list: () => Promise<string[]>, what: string): Promise<true> =>
  eventually(
    async () => {
      expect(await list()).toEqual([]);
      return true as const;
    },
    { what: `there are no ${what}`, timeoutMs: 60_000 },
  );

const name = 'an installation that is watched';
const describeWithPrometheus = hasPrometheus
  ? describe
  : (_: string, tests: () => void) =>
      describe.skip(`${name} (skipped: there is no prometheus)`, tests);

describeWithPrometheus(name, () => {
  const opened = new AsyncDisposableStack();
  let installation: Installation;
  let prometheus: Prometheus;

  beforeAll(async () => {
    installation = opened.use(await Installation.start());
    const targets = installation.running.map(([service, { url }]) => ({ service, url }));
    prometheus = opened.use(await Prometheus.start(targets));
    await installation.run(JOBS);
  });
  afterAll(async () => {
    await opened.disposeAsync();
  });

  it('has metrics in every service that promtool finds well formed', async () => {
    const texts = await Promise.all(
      installation.running.map(async ([service, { url }]) => {
        const text = await (await fetch(new URL('/metrics', url))).text();
        return [service, promtool(['check', 'metrics'], { input: text })] as const;
      }),
    );
    const well = { isWell: true, said: '' };
    expect(texts).toEqual(installation.running.map(([service]) => [service, well]));
  });

  it('is seen whole: every target is up', async () => {
    const services = installation.running.map(([service]) => service).sort();
    const all = async (): Promise<boolean> => (await prometheus.up()).join() === services.join();
    await eventually(all, { what: 'every target is up' });
  });

  it('gives each recording rule something to record, and each alert something to judge', async () => {
    const working = installation.run(JOBS);
    const rules = await prometheus.rules();
    const asked = rules.flatMap(({ type, name, query }) =>
      type === 'recording' ? [name] : selectorsIn(query),
    );
    await becomesEmpty(() => prometheus.silent(asked), 'rules without data');
    const unwell = async (): Promise<string[]> =>
      (await prometheus.rules()).flatMap(({ name, health }) => (health === 'ok' ? [] : [name]));
    await becomesEmpty(unwell, 'rules that fail');
    await working;
  });

  it('answers every query of the dashboards', async () => {
    const working = installation.run(JOBS);
    await becomesEmpty(() => prometheus.silent(queries), 'queries without data');
    await working;
  });

  it('raises an alert when a role is stopped while work waits for it, and ends it when it is back', async () => {
    const alert = 'LockstepRoleWithoutWorkers';
    expect(await prometheus.isFiring(alert)).toBe(false);
    await installation.one('orders').stop();
    const working = installation.run(JOBS);
    await eventually(() => prometheus.isFiring(alert), { what: 'it fires', timeoutMs: 60_000 });
    const [firing] = await prometheus.query(`ALERTS{alertname="${alert}", alertstate="firing"}`);
    expect(firing?.metric).toMatchObject({ role: 'orders', major: '1', severity: 'critical' });
    await installation.role('orders');
    const isOver = async (): Promise<boolean> => !(await prometheus.isFiring(alert));
    await eventually(isOver, { what: 'it ends', timeoutMs: 60_000 });
    expect((await working).every((end) => 'result' in end)).toBe(true);
  });
});
