import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hasPrometheus, promtool } from '@lockstep/testing';
import { alerts, dashboards, queriesOf, recordings, RUNBOOKS, seriesIn } from './monitoring.js';
import { namedRows, read, ROOT } from './project.js';

const HISTOGRAM = /_(?:bucket|count|sum)$/;
/** Of the process, of Node, and of Prometheus: not listed one by one. */
const FOREIGN = /^(?:process_|nodejs_|up$)/;

const metrics = namedRows('docs/reference/metrics.md').map(([name = '']) => name);
const known = new Set([...metrics, ...recordings.map(({ record = '' }) => record)]);

const unknownIn = (expression: string): string[] =>
  seriesIn(expression).filter(
    (name) =>
      !FOREIGN.test(name) && !known.has(name.includes(':') ? name : name.replace(HISTOGRAM, '')),
  );

const named = alerts.map((rule) => [rule.alert ?? '', rule] as const);
const itWithPromtool = hasPrometheus
  ? it
  : (name: string, test: () => void) => it.skip(`${name} (skipped: there is no promtool)`, test);

describe('the rules for Prometheus', () => {
  it.each(named)(
    'have a page that says what to do on %s',
    (name, { expr, labels, annotations }) => {
      const page = read(annotations?.runbook_url ?? '');
      const squeezed = page.replaceAll(/\s+/g, ' ');
      expect(page).toContain(`# ${name}\n`);
      expect(squeezed).toContain(expr.replaceAll(/\s+/g, ' ').trim());
      expect(page).toMatch(new RegExp(`^${labels?.severity ?? ''}`, 'im'));
      for (const part of ['What it means', 'What to look at', 'What to do'])
        expect(page).toContain(`## ${part}`);
    },
  );

  it('have no page without an alert, and each is in the list of all', () => {
    const pages = globSync('*.md', { cwd: `${ROOT}/${RUNBOOKS}` }).filter(
      (page) => page !== 'README.md',
    );
    const linked = alerts.map(({ annotations }) => basename(annotations?.runbook_url ?? ''));
    expect(pages.sort()).toEqual([...linked].sort());
    const list = read(`${RUNBOOKS}/README.md`);
    for (const [name, { annotations }] of named)
      expect(list).toContain(`[${name}](${basename(annotations?.runbook_url ?? '')})`);
  });

  it('ask for metrics that there are', () => {
    expect([...recordings, ...alerts].flatMap(({ expr }) => unknownIn(expr))).toEqual([]);
  });

  itWithPromtool('are well formed, and fire when they must and only then', () => {
    const tests = globSync('*.yml', { cwd: `${ROOT}/deploy/prometheus/test` });
    const cwd = `${ROOT}/deploy/prometheus`;
    expect(promtool(['check', 'config', 'prometheus.yml'], { cwd })).toMatchObject({
      isWell: true,
    });
    const tested = promtool(['test', 'rules', ...tests.map((file) => `test/${file}`)], { cwd });
    expect(tested).toMatchObject({ isWell: true, said: expect.not.stringContaining('FAILED') });
  });

  it('have a test that fires each, and one that does not', () => {
    const tests = globSync('deploy/prometheus/test/*.yml', { cwd: ROOT }).map(read).join('');
    for (const [name] of named)
      expect(tests).toMatch(new RegExp(`name: ${name} fires[^]*name: ${name} stays quiet`));
  });
});

describe('the runbooks', () => {
  it.each(globSync(`${RUNBOOKS}/*.md`, { cwd: ROOT }))(
    'name metrics that there are: %s',
    (page) => {
      const code = [...read(page).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
      expect(code.flatMap(unknownIn).filter((name) => !name.includes('/'))).toEqual([]);
    },
  );
});

describe('the dashboards for Grafana', () => {
  it.each(dashboards)('say what each panel shows, and in what unit: $name', ({ dashboard }) => {
    const [first] = dashboard.templating.list;
    expect([first?.name, first?.type]).toEqual(['datasource', 'datasource']);
    expect(dashboard).toMatchObject({
      uid: /^lockstep-\w+$/.exec(dashboard.uid)?.[0],
      schemaVersion: 41,
    });
    for (const panel of dashboard.panels.filter(({ type }) => type !== 'row')) {
      expect(panel.description).toMatch(/\.$/);
      expect(panel.fieldConfig?.defaults.unit).toMatch(/\w/);
      expect(panel.datasource?.uid).toBe('${datasource}');
    }
  });

  it.each(dashboards)('ask for metrics that there are: $name', ({ dashboard }) => {
    expect(queriesOf(dashboard).flatMap(unknownIn)).toEqual([]);
  });

  itWithPromtool('ask in words that Prometheus understands', () => {
    const all = dashboards.flatMap(({ dashboard }) => queriesOf(dashboard));
    const rules = all.map((expr, at) => ({ record: `query_${at}`, expr }));
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-queries-'));
    const file = join(folder, 'queries.yml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboards', rules }] }));
    const checked = promtool(['check', 'rules', file]);
    rmSync(folder, { recursive: true });
    expect(checked).toMatchObject({ isWell: true });
  });

  it('show every metric', () => {
    const asked = dashboards.flatMap(({ dashboard }) => queriesOf(dashboard).flatMap(seriesIn));
    const recorded = recordings.flatMap(({ expr }) => seriesIn(expr));
    const shown = new Set([...asked, ...recorded].map((name) => name.replace(HISTOGRAM, '')));
    const unseen = metrics.filter((name) => name.startsWith('lockstep_') && !shown.has(name));
    expect(unseen).toEqual([]);
  });
});
