import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort, PROJECT } from '@lockstep/testing';
import { parse } from 'yaml';

const DEPLOYED = join(PROJECT, 'deploy', 'prometheus');

export interface Target {
  readonly service: string;
  readonly url: string;
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [atSeconds: number, value: string];
}

interface RuleState {
  readonly type: 'recording' | 'alerting';
  readonly name: string;
  readonly query: string;
  readonly health: 'ok' | 'unknown' | 'err';
  readonly state?: 'inactive' | 'pending' | 'firing';
}

interface Configuration {
  readonly scrape_configs: readonly { readonly job_name: string }[];
}

/** A Prometheus with the project's rules. It looks every second, and its alerts wait no longer than that. */
export class Prometheus implements AsyncDisposable {
  private readonly answered = new Set<string>();

  private constructor(
    private readonly url: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(targets: readonly Target[]): Promise<Prometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'lockstep-prometheus-'));
    await writeConfiguration(folder, targets);
    const address = `127.0.0.1:${await freePort()}`;
    const flags = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ];
    const child = spawn('prometheus', flags, { stdio: 'ignore' });
    const started = new Prometheus(`http://${address}`, folder, child);
    await eventually(() => started.isReady(), { what: 'Prometheus is ready' });
    return started;
  }

  /** Targets that it could read, by service. */
  async up(): Promise<string[]> {
    return (await this.query('up == 1')).map(({ metric }) => metric['service'] ?? '').sort();
  }

  async query(expression: string): Promise<readonly Sample[]> {
    const found = await this.ask<{ readonly result: Sample[] }>('query', { query: expression });
    return found.result;
  }

  /** Those of some expressions that have never had an answer. */
  async silent(expressions: readonly string[]): Promise<string[]> {
    for (const each of expressions)
      if (!this.answered.has(each) && (await this.query(each)).length > 0) this.answered.add(each);
    return expressions.filter((each) => !this.answered.has(each));
  }

  async rules(): Promise<readonly RuleState[]> {
    const { groups } = await this.ask<{ readonly groups: { readonly rules: RuleState[] }[] }>(
      'rules',
    );
    return groups.flatMap(({ rules }) => rules);
  }

  async isFiring(alert: string): Promise<boolean> {
    return (await this.rules()).some(({ name, state }) => name === alert && state === 'firing');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
    await rm(this.folder, { recursive: true });
  }

  private async isReady(): Promise<boolean> {
    return (await fetch(new URL('/-/ready', this.url))).ok;
  }

  private async ask<Data>(what: string, parameters: Record<string, string> = {}): Promise<Data> {
    const query = new URLSearchParams(parameters);
    const answer = await fetch(new URL(`/api/v1/${what}?${query.toString()}`, this.url));
    const { data, error } = (await answer.json()) as {
      readonly data: Data;
      readonly error?: string;
    };
    if (error !== undefined) throw new Error(`${error}: ${parameters['query'] ?? what}`);
    return data;
  }
}

/** As deployed, but for where the services are and how long anything takes. */
async function writeConfiguration(folder: string, targets: readonly Target[]): Promise<void> {
  const rules = join(folder, 'rules');
  await mkdir(rules);
  for (const file of ['recording.yml', 'alerts.yml']) {
    const text = await readFile(join(DEPLOYED, 'rules', file), 'utf8');
    await writeFile(join(rules, file), text.replaceAll(/^(\s+for:) .*$/gm, '$1 1s'));
  }
  const deployed = parse(await readFile(join(DEPLOYED, 'prometheus.yml'), 'utf8')) as Configuration;
  const scrape_configs = deployed.scrape_configs.map(({ job_name }) => ({
    job_name,
    static_configs: targets
      .filter(({ service }) => (service === 'shop') === (job_name === 'shop'))
      .map(({ service, url }) => ({ targets: [new URL(url).host], labels: { service } })),
  }));
  const global = { scrape_interval: '1s', evaluation_interval: '1s' };
  const configuration = { ...deployed, global, scrape_configs };
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(configuration));
}
