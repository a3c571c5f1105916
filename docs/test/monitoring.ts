// What Prometheus and Grafana are given.

import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'yaml';
import { read, ROOT } from './project.js';

export interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: { readonly severity?: string };
  readonly annotations?: Readonly<Record<'summary' | 'description' | 'runbook_url', string>>;
}

export interface Panel {
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly {
    readonly expr: string;
    readonly datasource: { readonly uid: string };
  }[];
}

export interface Dashboard {
  readonly uid: string;
  readonly description: string;
  readonly schemaVersion: number;
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string }[];
  };
  readonly panels: readonly Panel[];
}

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}

export const RUNBOOKS = 'docs/operating/runbooks';
const RULES = ['recording', 'alerts'].map((name) => `deploy/prometheus/rules/${name}.yml`);

const rules = RULES.flatMap((file) =>
  (parse(read(file)) as RuleFile).groups.flatMap((group) => group.rules),
);

export const recordings = rules.filter(({ record }) => record !== undefined);
export const alerts = rules.filter(({ alert }) => alert !== undefined);

export const dashboards = globSync('deploy/grafana/dashboards/*.json', { cwd: ROOT })
  .sort()
  .map((file) => ({ name: basename(file), dashboard: JSON.parse(read(file)) as Dashboard }));

/** The queries of a dashboard, as Prometheus gets them. */
export const queriesOf = ({ panels }: Dashboard): string[] =>
  panels.flatMap(({ targets = [] }) =>
    targets.map(({ expr }) =>
      expr.replaceAll('$__rate_interval', '1m').replaceAll('$service', 'orders'),
    ),
  );

/** What an expression asks for: metrics, and what a rule records. */
export function seriesIn(expression: string): string[] {
  const plain = expression.replaceAll(/"[^"]*"|\{[^}]*\}|\[[^\]]*\]/g, ' ');
  return [...plain.matchAll(/\b(?:lockstep|process|nodejs)_\w+\b|\b\w+:\w+:\w+\b|\bup\b/g)].map(
    ([name]) => name,
  );
}
