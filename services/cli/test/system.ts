// A running system as a user has it, and the command line that a user types.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CompiledModules,
  compileModules,
  eventually,
  PROJECT,
  type RedisOptions,
  type RedisServer,
  ServiceGroup,
  type ServiceProcess,
  startRedis,
} from '@lockstep/testing';

export const KEY = 'acme-key-0123456789';
export const OPERATOR = 'acme-operator-0123456789';
const BIN = join(PROJECT, 'services', 'cli', 'bin', 'lockstep.mjs');

type Env = Readonly<Record<string, string>>;

/** What a command came to. */
export interface Done {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is under way. */
export interface Running {
  /** So far. */
  readonly said: { readonly stdout: string; readonly stderr: string };
  readonly interrupt: () => void;
  readonly done: Promise<Done>;
}

export class System implements AsyncDisposable {
  private constructor(
    readonly redis: RedisServer,
    private readonly team: CompiledModules,
    private readonly services: ServiceGroup,
  ) {}

  /** Redis alone; services are started by name. */
  static async start(options: RedisOptions = {}): Promise<System> {
    const [redis, team] = await Promise.all([
      startRedis(options),
      compileModules(join(import.meta.dirname, 'team')),
    ]);
    return new System(redis, team, await ServiceGroup.of({ LOCKSTEP_REDIS_URL: redis.url }));
  }

  /** All that a user runs: gateway, supervisor, projector and the one role. */
  static async startAll(): Promise<System> {
    const system = await System.start();
    try {
      const names = ['gateway', 'supervisor', 'projector'];
      await Promise.all([...names.map((name) => system.service(name)), system.clerk()]);
      return system;
    } catch (error) {
      await system[Symbol.asyncDispose]();
      throw error;
    }
  }

  service(name: string, env: Env = {}): Promise<ServiceProcess> {
    const contracts = new URL(`file://${this.team.folder}/contracts.js`).href;
    const keys = {
      LOCKSTEP_CONTRACTS: contracts,
      LOCKSTEP_API_KEYS: `${KEY}=acme,${OPERATOR}=acme+operator`,
    };
    return this.services.service(name, { ...keys, ...env });
  }

  clerk(): Promise<ServiceProcess> {
    return this.services.start('clerk', join(this.team.folder, 'clerk.js'));
  }

  /** @throws Error before it was started */
  get gatewayUrl(): string {
    if (!this.gateway) throw new Error('there is no gateway');
    return this.gateway.url;
  }

  /** Puts a word where the clerk fetches it. */
  put(word: string): Promise<void> {
    return writeFile(join(this.team.folder, word), '');
  }

  /** Whether a word lies where the clerk files it. */
  has(word: string): boolean {
    return existsSync(join(this.team.folder, word));
  }

  /** Types a command and waits for its end. */
  lockstep(...args: string[]): Promise<Done> {
    return this.begin(args).done;
  }

  /** Types a command that answers JSON. @throws Error when it fails */
  async json<Answer>(...args: string[]): Promise<Answer> {
    const { status, stdout, stderr } = await this.lockstep(...args, '--json');
    if (status !== 0) throw new Error(`lockstep ${args.join(' ')} ended with ${status}: ${stderr}`);
    return JSON.parse(stdout) as Answer;
  }

  /** Types a command, and goes on. */
  begin(args: readonly string[], env: Env = {}, input = ''): Running {
    const child = spawn(process.execPath, [BIN, ...args], {
      env: { ...process.env, ...this.environment(), ...env },
    });
    child.stdin.end(input);
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
    const done = once(child, 'close').then(([status]) => ({
      status: status as number | null,
      ...said,
    }));
    return { said, interrupt: () => child.kill('SIGINT'), done };
  }

  /** Starts a workflow. @returns its id */
  async startWorkflow(type: string, request?: object): Promise<string> {
    const given = request === undefined ? [] : ['--request', JSON.stringify(request)];
    return (await this.json<{ id: string }>('workflow', 'start', type, ...given)).id;
  }

  /** Waits until a workflow is in a status. */
  async becomes(id: string, status: string): Promise<void> {
    const is = async (): Promise<boolean> =>
      (await this.json<{ status: string }>('workflow', 'show', id)).status === status;
    await eventually(is, { what: `${id} is ${status}`, timeoutMs: 30_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.services[Symbol.asyncDispose]();
    await this.redis.stop();
    await this.team[Symbol.asyncDispose]();
  }

  private environment(): Env {
    return {
      NODE_OPTIONS: '', // Jest's are not a user's
      LOCKSTEP_API_KEY: KEY,
      LOCKSTEP_REDIS_URL: this.redis.url,
      ...(this.gateway && { LOCKSTEP_URL: this.gateway.url }),
    };
  }

  private get gateway(): ServiceProcess | undefined {
    return this.services.all.find(({ spec }) => spec.name.startsWith('gateway'));
  }
}
